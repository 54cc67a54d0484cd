// CodexLogs.swift - the calls in the events of Codex CLI.

extension LogCallSource {
    /// Codex CLI: of the events of a stream the one that completes or fails the response.
    ///
    /// Counts are those of the Responses API: cached tokens are part of the input, reasoning of the output. What is
    /// named after tools is the total of all tokens.
    static let codex: [LogCallSource] = [
        event("response.completed").with {
            $0.input = ["input_token_count"]
            $0.output = ["output_token_count"]
            $0.cacheRead = ["cached_token_count"]
            $0.cacheWrite = ["cache_write_token_count"]
            $0.reasoning = ["reasoning_token_count"]
        },
        event("response.failed").with {
            $0.isFailure = true
            $0.errorMessage = ["error.message"]
        },
    ]

    private static func event(_ kind: String) -> LogCallSource {
        LogCallSource("codex.sse_event").with {
            $0.condition = ("event.kind", kind)
            $0.provider = "openai"
            $0.model = ["model", "slug"]
            $0.session = ["conversation.id"]
            $0.identity = ["response.id"]
            $0.responseID = ["response.id"]
        }
    }
}
