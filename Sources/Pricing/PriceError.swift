// PriceError.swift - prices that cannot be read.

public import TraceModel

/// What is wrong in one place of a price file or of the prices in the configuration.
public struct PriceProblem: Sendable, Equatable {
    /// Where, such as `openai gpt-4o prices[0].input` or `prices[2].from`.
    public let place: String
    /// What is wrong there, and what is allowed.
    public let reason: String

    /// Makes a problem.
    public init(place: String, reason: String) {
        self.place = place
        self.reason = reason
    }
}

/// Prices that cannot be used: a price file that is damaged or of another version, or entries of the configuration.
public struct PriceError: CollectorError, Equatable {
    /// Everything that is wrong: one problem for a file, all of them for the configuration.
    public let problems: [PriceProblem]

    /// Makes an error of the problems.
    public init(problems: [PriceProblem]) {
        self.problems = problems
    }

    init(_ place: String, _ reason: String) {
        self.init(problems: [PriceProblem(place: place, reason: reason)])
    }

    /// Sending the same again cannot help.
    public var code: ErrorCode { .invalid }

    /// One line for each problem.
    public var message: String {
        problems.map { "\($0.place): \($0.reason)" }.joined(separator: "\n")
    }
}
