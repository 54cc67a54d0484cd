// SpanVersionStub.swift - versions of spans for the tests, with short ways to say what matters.

import TraceAssembly
import TraceModel

/// One version of a span with all that an insert takes.
///
/// Times are in milliseconds where they are bare numbers.
struct SpanVersionStub {
    var facts: SpanFacts
    var call: LLMCall?
    var session: String?
    var user: String?
    var service: String?
    var part: UInt32 = 1

    init(
        _ id: UInt64,
        parent: UInt64 = 0,
        _ times: ClosedRange<Int64> = 0...100,
        role: SpanRole = .other,
        status: SpanStatus = .unset,
        marks: SpanMarks = [],
        length: UInt32 = 100,
        version: UInt64 = 0
    ) {
        facts = SpanFacts(
            spanID: SpanID(id),
            parentID: SpanID(parent),
            start: times.lowerBound * 1_000_000,
            end: times.upperBound * 1_000_000,
            fingerprint: id << 16 | version,
            length: length,
            role: role,
            status: status,
            marks: marks
        )
    }

    /// A span with a call.
    static func call(
        _ id: UInt64,
        parent: UInt64 = 0,
        _ times: ClosedRange<Int64> = 0...100,
        role: SpanRole = .llm,
        model: String? = "gpt-4o",
        tokens: (Int64?, Int64?) = (nil, nil),
        cost: Int64? = nil,
        response: String? = nil,
        request: String? = nil,
        status: SpanStatus = .unset,
        marks: SpanMarks = [],
        by instrumentation: UInt32 = 0
    ) -> SpanVersionStub {
        var stub = SpanVersionStub(id, parent: parent, times, role: role, status: status, marks: marks)
        stub.facts.instrumentation = instrumentation
        var call = LLMCall(role: role)
        call.responseModel = model
        call.usage.input = tokens.0
        call.usage.output = tokens.1
        call.costReported = cost.map(PicoUSD.init)
        call.responseID = response
        call.requestID = request
        stub.call = call
        return stub
    }

    /// The same with changes.
    func with(_ change: (inout SpanVersionStub) -> Void) -> SpanVersionStub {
        var copy = self
        change(&copy)
        return copy
    }
}

extension AssembledTrace {
    /// Inserts, with the fingerprint standing for the bytes.
    @discardableResult
    mutating func insert(_ version: SpanVersionStub) -> InsertOutcome {
        insert(
            version.facts,
            call: version.call,
            session: version.session,
            user: version.user,
            service: version.service,
            part: version.part,
            tieBreak: { version.facts.fingerprint > $0.fingerprint }
        )
    }

    /// A settled trace of these versions.
    init(_ versions: [SpanVersionStub]) {
        self.init()
        for version in versions { insert(version) }
        settle()
    }

    func rule(_ id: UInt64) -> UsageRule? {
        scope(of: SpanID(id))?.1
    }

    func usageScope(_ id: UInt64) -> UsageScope? {
        scope(of: SpanID(id))?.0
    }
}

/// All orders of a few things.
func permutations<Element>(_ elements: [Element]) -> [[Element]] {
    guard elements.count > 1 else { return [elements] }
    return elements.indices.flatMap { index in
        var rest = elements
        let first = rest.remove(at: index)
        return permutations(rest).map { [first] + $0 }
    }
}

/// SplitMix64: the same numbers for the same seed everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True so many times of a hundred.
    mutating func chance(_ percent: Int) -> Bool {
        Int(next() >> 33) % 100 < percent
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(next() >> 33) % elements.count]
    }
}
