// GeminiCLILogs.swift - the calls in the events of Gemini CLI, and of Qwen Code, which comes from it.

extension LogCallSource {
    /// Gemini CLI, in the counts of the Gemini API: cached tokens are part of the input, reasoning ("thoughts") and what
    /// tools put into the prompt stand beside.
    static let geminiCLI: [LogCallSource] = [
        response("gemini_cli.api_response").with {
            $0.provider = "gcp.gemini"
            $0.reasoned = .apart
        },
        failure("gemini_cli.api_error").with { $0.provider = "gcp.gemini" },
    ]

    /// Qwen Code, whose provider may be any: reasoning is part of the output.
    static let qwenCode: [LogCallSource] = [
        response("qwen-code.api_response"), failure("qwen-code.api_error"),
    ]

    private static func response(_ event: String) -> LogCallSource {
        request(event).with {
            $0.input = ["input_token_count"]
            $0.output = ["output_token_count"]
            $0.cacheRead = ["cached_content_token_count"]
            $0.reasoning = ["thoughts_token_count"]
            $0.tools = ["tool_token_count"]
            $0.total = ["total_token_count"]
        }
    }

    private static func failure(_ event: String) -> LogCallSource {
        request(event).with {
            $0.isFailure = true
            $0.errorType = ["error_type", "error.type", "status_code"]
            $0.errorMessage = ["error.message", "error"]
        }
    }

    private static func request(_ event: String) -> LogCallSource {
        LogCallSource(event).with {
            $0.model = ["model", "model_name"]
            $0.identity = ["response_id"]
            $0.responseID = ["response_id"]
            $0.duration = ["duration_ms", "duration"]
        }
    }
}
