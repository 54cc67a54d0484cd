// RandomTrace.swift - random traces with everything that makes counting hard.

import TraceModel

/// Makes random traces: wrappers, shared ids, missing parents, cycles, repeated and superseded versions.
struct RandomTrace {
    private var random: SeededGenerator
    private let count: Int
    /// How likely a parent is any span, which may close a cycle.
    private let disorder: Int
    private let sharing: Int
    private let ids: ClosedRange<Int>
    private let instrumentations: [UInt32]

    init(seed: UInt64, spans: ClosedRange<Int>, ids: ClosedRange<Int>) {
        self.ids = ids
        random = SeededGenerator(seed: seed)
        count = Int.random(in: spans, using: &random)
        disorder = random.pick([0, 0, 5, 30])
        sharing = random.pick([0, 20, 60])
        instrumentations = random.pick([[0], [1], [1, 1, 1, 1, 1, 2], [0, 1, 2, 3]])
    }

    /// The versions, each span's together; a few twice.
    mutating func versions() -> [SpanVersionStub] {
        var versions: [SpanVersionStub] = []
        for index in 1...count {
            let first = span(UInt64(index))
            versions.append(first)
            if random.chance(10) { versions.append(first) }
            for number in 1..<random.pick([1, 1, 1, 1, 2, 3]) {
                versions.append(next(first, number: UInt64(number)))
            }
        }
        addSums(&versions)
        return versions
    }

    private mutating func parent(of id: UInt64) -> UInt64 {
        if random.chance(6) { return 0 }
        if random.chance(5) { return 1000 + random.pick([1, 2, 3]) }
        if random.chance(disorder) { return UInt64.random(in: 1...UInt64(count), using: &random) }
        guard id > 1 else { return 0 }
        return random.chance(60) ? id - 1 : UInt64.random(in: 1..<id, using: &random)
    }

    private mutating func span(_ id: UInt64) -> SpanVersionStub {
        // Some later than what may show the same call, some so late that a log record may not either.
        let later = random.pick([0, 0, 0, 0, 0, 0, 0, 0, 500, 1500, 90_000] as [Int64])
        let start = later + Int64.random(in: 0...12, using: &random)
        let end = start + Int64.random(in: 0...12, using: &random)
        let role = random.pick([SpanRole.llm, .llm, .llm, .llm, .agent, .chain, .tool, .tool, .embedding, .reranker])
        var stub = SpanVersionStub(id, parent: parent(of: id), start...end, role: role)
        stub.facts.status = random.pick([.unset, .unset, .ok, .error])
        if random.chance(5) {
            stub.facts.marks.insert(.startMissing)
            stub.facts.start = 0
        }
        if random.chance(2) {
            stub.facts.marks.insert(.timeClamped)
            stub.facts.end = .max
        }
        if random.chance(8) { stub.facts.marks.insert(.aggregateByName) }
        if random.chance(20) { stub.facts.marks.insert(.synthesized) }
        if random.chance(2) {
            stub.facts.marks.insert(.parentInvalid)
            stub.facts.parentID = .none
        }
        stub.session = random.chance(10) ? random.pick(["s1", "s2"]) : nil
        stub.user = random.chance(10) ? random.pick(["u1", "u2"]) : nil
        stub.service = random.chance(30) ? random.pick(["front", "back"]) : nil
        stub.part = UInt32(id % 5)
        stub.facts.instrumentation = random.pick(instrumentations)
        if random.chance(role.isProviderCall ? 90 : role.isEnclosing ? 50 : 10) { stub.call = call(role) }
        return stub
    }

    private mutating func call(_ role: SpanRole) -> LLMCall {
        var call = LLMCall(role: role)
        let tokens: [Int64?] = [nil, nil, 0, 5, 5, 10]
        call.usage = TokenUsage(input: random.pick(tokens), output: random.pick(tokens), cacheRead: random.pick(tokens))
        call.usage.cacheWrite = random.chance(20) ? 3 : nil
        call.usage.reasoning = random.chance(20) ? 2 : nil
        call.costReported = random.chance(25) ? PicoUSD(random.pick([0, 7, 7, 9])) : nil
        call.costComputed = random.chance(25) ? PicoUSD(random.pick([0, 7, 8])) : nil
        call.operation = random.pick([nil, "chat"])
        call.provider = random.pick([nil, "openai", "anthropic"])
        call.requestModel = random.pick([nil, nil, "gpt-4o"])
        call.responseModel = random.pick([nil, "gpt-4o", "openai/gpt-4o", "gpt-4o-2024-08-06", "claude"])
        call.responseID = random.chance(sharing) ? "r\(Int.random(in: ids, using: &random))" : nil
        call.requestID = random.chance(sharing / 2) ? "r\(Int.random(in: ids, using: &random))" : nil
        call.timeToFirstToken = random.chance(20) ? random.pick([1, 2, 3]) : nil
        call.isStreaming = random.pick([nil, true, false])
        call.errorType = random.chance(10) ? "timeout" : nil
        return call
    }

    /// Another version of a span: a preview of it, a small change, or something else altogether.
    private mutating func next(_ stub: SpanVersionStub, number: UInt64) -> SpanVersionStub {
        var copy = stub
        switch random.pick([0, 1, 2, 3]) {
        case 0: copy.facts.marks.insert(random.chance(50) ? .pending : .synthesized)
        case 1:
            copy.facts.end += random.pick([0, min(1_000_000, .max - copy.facts.end)])
            copy.call?.usage.output = random.pick([nil, 5, 10])
            copy.call?.costReported = random.pick([nil, PicoUSD(8)])
        case 2:
            copy.facts.length += random.pick([0, 1])
            copy.facts.start += copy.facts.start < copy.facts.end && random.chance(50) ? 1_000_000 : 0
            copy.call = random.chance(50) ? nil : copy.call
            copy.session = random.pick([nil, "s3"])
        default: copy = span(stub.facts.spanID.value)
        }
        copy.facts.fingerprint = stub.facts.spanID.value << 16 | number
        copy.part = UInt32(number + 10)
        return copy
    }

    /// Gives some spans the sum of the tokens of their children.
    private mutating func addSums(_ versions: inout [SpanVersionStub]) {
        for index in versions.indices where versions[index].facts.role == .llm && random.chance(25) {
            let children = versions.filter { $0.facts.parentID == versions[index].facts.spanID }
            let usages = children.compactMap(\.call?.usage)
            guard usages.count > 1, let call = versions[index].call else { continue }
            var sum = call
            sum.usage.input = usages.map { $0.input ?? 0 }.reduce(0, +)
            sum.usage.output = usages.map { $0.output ?? 0 }.reduce(0, +)
            let id = versions[index].facts.fingerprint
            for other in versions.indices where versions[other].facts.fingerprint == id { versions[other].call = sum }
        }
    }
}
