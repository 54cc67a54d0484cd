// ClaudeCodeLogs.swift - the calls in the events of Claude Code (attribute dictionary, section 4.10).

extension LogCallSource {
    /// Claude Code: one event for each request to the API, or for each that failed for good.
    ///
    /// Input tokens leave cached ones out. The cost is in `cost_usd`, which is read from any span.
    static let claudeCode: [LogCallSource] = [
        request("claude_code.api_request").with {
            $0.input = ["input_tokens"]
            $0.output = ["output_tokens"]
            $0.cacheRead = ["cache_read_tokens"]
            $0.cacheWrite = ["cache_creation_tokens"]
            $0.cached = .apart
        },
        request("claude_code.api_error").with {
            $0.isFailure = true
            $0.errorType = ["error_type", "status_code"]
            $0.errorMessage = ["error"]
        },
    ]

    private static func request(_ event: String) -> LogCallSource {
        LogCallSource(event).with {
            $0.provider = "anthropic"
            $0.identity = ["request_id"]
        }
    }
}
