// MLflow.swift - what MLflow names (attribute dictionary, section 4.6).

extension Dialect {
    /// MLflow.
    static let mlflow = Dialect(
        tier: .dialect,
        content: [
            .key("mlflow.spanInputs"),
            .key("mlflow.spanOutputs"),
            .key("mlflow.traceInputs"),
            .key("mlflow.traceOutputs"),
            .key("mlflow.chat.messages"),
            .key("mlflow.chat.tools"),
            .key("mlflow.chunk.value"),
        ],
        numbers: ["mlflow.chat.tokenUsage", "mlflow.llm.cost", "mlflow.trace.tokenUsage", "mlflow.trace.cost"]
    )
}
