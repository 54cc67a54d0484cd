// MLflowContent.swift - content as MLflow writes it (attribute dictionary, section 4.6).

import TraceModel

extension ContentDialect {
    /// MLflow: every value is JSON text, strings keep their quotes.
    static let mlflow = ContentDialect(
        input: [.value("mlflow.spanInputs")],
        output: [.value("mlflow.spanOutputs")],
        names: [ConversationName(.tools, "mlflow.chat.tools")]
    )
}
