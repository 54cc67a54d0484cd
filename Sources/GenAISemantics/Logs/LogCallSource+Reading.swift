// LogCallSource+Reading.swift - a log record by the tables of its source.

import TraceModel

extension LogCallSource {
    /// Whether a record of the event is one of this source.
    func accepts(_ record: LogRecordReading) -> Bool {
        guard let condition else { return true }
        return record.text(condition.key) == condition.value
    }

    /// What a record says of its call.
    func call(_ record: LogRecordReading) -> LogCall {
        var call = LogCall(event: event)
        call.session = first(session, record.text)
        call.identity = first(identity, record.text)
        call.duration = first(duration) { record.number($0)?.nanoseconds(perUnit: 1e6) }
        if isFailure { call.failure = first(errorMessage, record.text) ?? "" }
        call.add("gen_ai.operation.name", "chat")
        call.add("gen_ai.provider.name", provider)
        call.add("gen_ai.request.model", first(model, record.text))
        call.add("gen_ai.response.id", first(responseID, record.text))
        call.add("error.type", isFailure ? first(errorType, record.text) : nil)
        add(record, to: &call)
        return call
    }

    /// Adds the counts, as totals that include their parts.
    private func add(_ record: LogRecordReading, to call: inout LogCall) {
        func count(_ names: [String]) -> Int64? { first(names) { record.number($0)?.count } }
        let (input, output, reasoning) = (count(input), count(output), count(reasoning))
        let (cacheRead, cacheWrite, tools) = (count(cacheRead), count(cacheWrite), count(tools) ?? 0)
        let beside = standing(
            of: reasoning ?? 0,
            tools,
            total: count(total),
            within: (input ?? 0).addingWithoutOverflow(output ?? 0)
        )
        let cached = cached == .apart ? (cacheRead ?? 0).addingWithoutOverflow(cacheWrite ?? 0) : 0
        call.add("gen_ai.usage.input_tokens", input?.addingWithoutOverflow(cached).addingWithoutOverflow(beside.tools))
        call.add("gen_ai.usage.output_tokens", output?.addingWithoutOverflow(beside.reasoning))
        call.add("gen_ai.usage.cache_read.input_tokens", cacheRead)
        call.add("gen_ai.usage.cache_creation.input_tokens", cacheWrite)
        call.add("gen_ai.usage.reasoning.output_tokens", reasoning)
    }

    /// What of reasoning and of the tools' tokens is beside the totals of output and input.
    ///
    /// The total of all tokens tells, where it comes to one of the sums.
    private func standing(
        of reasoning: Int64,
        _ tools: Int64,
        total: Int64?,
        within plain: Int64
    ) -> (reasoning: Int64, tools: Int64) {
        let withReasoning = plain.addingWithoutOverflow(reasoning)
        switch total {
        case plain: return (0, 0)
        case withReasoning: return (reasoning, 0)
        case plain.addingWithoutOverflow(tools): return (0, tools)
        case withReasoning.addingWithoutOverflow(tools): return (reasoning, tools)
        default: return reasoned == .apart ? (reasoning, tools) : (0, 0)
        }
    }

    private func first<Value>(_ names: [String], _ read: (String) -> Value?) -> Value? {
        for name in names {
            if let value = read(name) { return value }
        }
        return nil
    }
}

extension LogCall {
    fileprivate mutating func add(_ name: String, _ text: String?) {
        if let text { facts.append((name, .text(text))) }
    }

    fileprivate mutating func add(_ name: String, _ count: Int64?) {
        if let count { facts.append((name, .count(count))) }
    }
}
