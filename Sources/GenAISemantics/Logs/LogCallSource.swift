// LogCallSource.swift - what a source of call records declares.

/// One kind of log record that stands for a call, as tables.
///
/// A source is one file in `Sources` and one line in `LogCallSource.all`. Lists of names are best first.
struct LogCallSource: Sendable {
    /// Where tokens are counted that are part of a total.
    enum Standing: Sendable {
        /// Within the total.
        case inside
        /// Beside it.
        case apart
    }

    /// The name of the event.
    let event: String
    /// An attribute and the text that it must have besides.
    var condition: (key: String, value: String)?
    /// Whether the record tells of a call that failed.
    var isFailure = false
    /// The provider, where the source has one only.
    var provider: String?
    var model: [String] = ["model"]
    var session: [String] = ["session.id"]
    /// The id of the request, else of the response.
    var identity: [String] = []
    /// The id that the provider gave its answer.
    var responseID: [String] = []
    /// Milliseconds that the call took.
    var duration: [String] = ["duration_ms"]
    var input: [String] = []
    var output: [String] = []
    var cacheRead: [String] = []
    var cacheWrite: [String] = []
    var reasoning: [String] = []
    /// Tokens that tools put into the prompt, beside the input.
    var tools: [String] = []
    /// All tokens of the call.
    var total: [String] = []
    /// Where cached tokens are counted.
    var cached = Standing.inside
    /// Where reasoning is counted unless the total of all tokens tells.
    var reasoned = Standing.inside
    /// The class of an error.
    var errorType: [String] = []
    /// An error in words.
    var errorMessage: [String] = []

    init(_ event: String) {
        self.event = event
    }

    /// The same with some of its tables filled.
    func with(_ fill: (inout LogCallSource) -> Void) -> LogCallSource {
        var filled = self
        fill(&filled)
        return filled
    }
}

extension LogCallSource {
    /// Every source.
    static let all: [LogCallSource] = claudeCode + geminiCLI + qwenCode + codex

    /// The sources of an event.
    static let byEvent = Dictionary(grouping: all, by: \.event)
}
