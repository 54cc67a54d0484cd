// ConfigError.swift - settings that cannot be used.

public import TraceModel

/// Settings that cannot be used; names every one of them.
public struct ConfigError: CollectorError, Equatable, CustomStringConvertible {
    /// Always `invalid`.
    public let code = ErrorCode.invalid
    /// One sentence for each wrong setting, with its name and value.
    public let problems: [String]

    /// Makes an error.
    public init(problems: [String]) {
        self.problems = problems
    }

    /// All problems, one a line.
    public var message: String { problems.joined(separator: "\n") }
    /// The message.
    public var description: String { message }
}
