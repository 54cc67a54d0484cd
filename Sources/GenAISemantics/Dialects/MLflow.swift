// MLflow.swift - what MLflow names (attribute dictionary, section 4.6).

import TraceModel

extension Dialect {
    /// MLflow.
    static let mlflow = Dialect(
        tier: .dialect,
        names: [
            FieldName(.responseModel, "mlflow.llm.model"),
            FieldName(.provider, "mlflow.llm.provider"),
            FieldName(.session, "mlflow.trace.session"),
            FieldName(.user, "mlflow.trace.user"),
        ],
        kinds: [
            KindName(
                "mlflow.spanType",
                [
                    "llm": .llm,
                    "chat_model": .llm,
                    "embedding": .embedding,
                    "retriever": .retriever,
                    "reranker": .reranker,
                    "agent": .agent,
                    "chain": .chain,
                    "workflow": .chain,
                    "task": .chain,
                    "tool": .tool,
                    "parser": .chain,
                    "guardrail": .guardrail,
                    "evaluator": .evaluator,
                ]
            )
        ],
        objects: [
            ObjectName("mlflow.chat.tokenUsage", .last, usage: []),
            ObjectName("mlflow.llm.cost", .last, cost: .member("total_cost")),
        ],
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
