// ScopeHabits.swift - what the name of an instrumentation scope tells about its spans.

/// What an instrumentation does in its own way, known by the name of its scope (OTLP, `InstrumentationScope.name`).
public struct ScopeHabits: OptionSet, Sendable {
    /// The habits as bits.
    public let rawValue: UInt8

    /// Makes habits of bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Of Bedrock and Anthropic, its counts of input leave cached tokens out, under names that stand for counts with them:
    /// it hands on what those answer.
    public static let leavesCachedOut = ScopeHabits(rawValue: 1)
    /// Its cost of 0 stands for a price that it does not know.
    public static let zeroCostIsUnknown = ScopeHabits(rawValue: 2)
    /// It names the model of requests that no model answers, and the operation of those that one does.
    public static let namesOperationOfCalls = ScopeHabits(rawValue: 4)

    /// It states the kind of a call for each event of one, such as a token of a stream, and the model of the call alone.
    public static let namesModelOfCalls = ScopeHabits(rawValue: 8)

    private static let leavingCachedOut = [
        "opentelemetry.instrumentation.bedrock", "opentelemetry.instrumentation.botocore.bedrock-runtime",
        "openlit.instrumentation.bedrock", "openlit.instrumentation.anthropic", "openinference.instrumentation.agno",
        "opentelemetry.instrumentation.llamaindex",
    ]

    /// The habits of an instrumentation.
    ///
    /// - Parameter name: The name of its scope; empty for none.
    public init(scopeNamed name: UnsafeBufferPointer<UInt8>) {
        self = []
        if Self.leavingCachedOut.contains(where: { name.elementsEqual($0.utf8) }) { insert(.leavesCachedOut) }
        if name.starts(with: "openlit".utf8) { insert(.zeroCostIsUnknown) }
        if name.starts(with: "com.anthropic.sdk.".utf8) { insert(.namesOperationOfCalls) }
        if name.elementsEqual("openinference.instrumentation.beeai".utf8) { insert(.namesModelOfCalls) }
    }
}
