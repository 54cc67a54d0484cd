// AssembledCall.swift - one call of a trace as it is to be stored.

public import TraceModel

/// One call of a trace as its row is to be stored: scope, rule and effective fields.
///
/// The effective fields are those of the span itself; what they lack comes from the spans that repeat the call, when
/// this is the one that counts.
public struct AssembledCall: Sendable, Equatable {
    /// The number of the call within its trace: spans that have a call, in the order in which they first arrived.
    ///
    /// Stable over superseding versions. Inserting the same versions in the same order gives the same numbers.
    public var number: UInt32
    /// The span.
    public var spanID: SpanID
    /// Nanoseconds since the Unix epoch.
    public var start: Int64
    /// Nanoseconds since the Unix epoch, never before `start`.
    public var end: Int64
    /// The status of the span.
    public var status: SpanStatus
    /// How the call enters the totals.
    public var scope: UsageScope
    /// The rule that decided so.
    public var rule: UsageRule
    /// What the span does.
    public var role: SpanRole
    /// The operation, as sent.
    public var operation: String?
    /// The provider's canonical name.
    public var provider: String?
    /// The model as asked for.
    public var requestModel: String?
    /// The model as answered.
    public var responseModel: String?
    /// Token counts, inclusive.
    public var usage = TokenUsage()
    /// The cost that the sender reports.
    public var costReported: PicoUSD?
    /// What it costs by the price table.
    public var costComputed: PicoUSD?
    /// The price that it was computed with, as one JSON object.
    public var price: String?
    /// The class of the error; taken over from a repetition only if the span itself failed.
    public var errorType: String?
    /// Nanoseconds to the first token or chunk.
    public var timeToFirstToken: Int64?
    /// Whether the answer was streamed; nil when unknown.
    public var isStreaming: Bool?
    /// The provider's id of the answer.
    public var responseID: String?
    /// The id of the request at the provider or gateway.
    public var requestID: String?
    /// The session that the span names.
    public var session: String?
    /// The user that the span names.
    public var user: String?
    /// Its tags, as `LLMCall.labels`.
    public var labels: String?
    /// Whether the span was made of a log record.
    public var isSynthesized = false
    /// The service of the span's resource.
    public var service: String?
    /// Whether it enters the number of calls of its trace: own, and of a provider's model or with usage.
    public var isCounted = false
    /// Whether no row of this number was taken before.
    public var isNew = true
    /// Whether the row is to be deleted, since the winning version of the span has no call; the fields are empty then.
    public var removed = false

    /// Makes a new row of an own call of which nothing else is known.
    public init(number: UInt32, spanID: SpanID, start: Int64, end: Int64, role: SpanRole) {
        self.number = number
        self.spanID = spanID
        self.start = start
        self.end = end
        self.role = role
        status = .unset
        scope = .own
        rule = .ownCall
    }
}

/// A call whose row must be written again, or deleted.
public struct CallChange: Sendable {
    let index: Int32
    let isNew: Bool
    let isRemoved: Bool
}

extension AssembledTrace {
    /// The calls whose rows must be written again, or deleted, since they were last taken; by number.
    ///
    /// Call `settle()` before. After a restore the result is what is stored already.
    public mutating func takeChangedCalls() -> [AssembledCall] {
        takeCallChanges().map(call)
    }

    /// The same without the fields, which `call` tells of each while nothing is inserted.
    public mutating func takeCallChanges() -> [CallChange] {
        guard !changedCalls.isEmpty else { return [] }
        changedCalls.sort()
        var changes: [CallChange] = []
        changes.reserveCapacity(changedCalls.count)
        for index in changedCalls {
            let isNew = !calls[Int(index)].flags.contains(.emitted)
            let removed = !calls[Int(index)].flags.contains(.present)
            calls[Int(index)].flags.remove(.changed)
            if removed { calls[Int(index)].flags.remove(.emitted) } else { calls[Int(index)].flags.insert(.emitted) }
            if removed && isNew { continue }
            changes.append(CallChange(index: index, isNew: isNew, isRemoved: removed))
        }
        changedCalls.removeAll()
        return changes
    }

    /// A call as its row is to be stored.
    public func call(_ change: CallChange) -> AssembledCall {
        row(of: change.index, isNew: change.isNew, removed: change.isRemoved)
    }

    func row(of index: Int32, isNew: Bool, removed: Bool) -> AssembledCall {
        let record = calls[Int(index)]
        let node = nodes[Int(record.node)]
        var row = AssembledCall(
            number: UInt32(index),
            spanID: node.id,
            start: node.start,
            end: node.end,
            role: record.role
        )
        row.status = node.status
        row.scope = record.scope
        row.rule = record.rule
        row.isSynthesized = node.marks.contains(.synthesized)
        row.isNew = isNew
        row.removed = removed
        guard !removed else { return row }
        let fields = effectiveFields(of: record)
        row.operation = symbols[fields.operation]
        row.provider = symbols[fields.provider]
        row.requestModel = symbols[fields.requestModel]
        row.responseModel = symbols[fields.responseModel]
        row.usage = TokenUsage(
            input: fields.input.value,
            output: fields.output.value,
            cacheRead: fields.cacheRead.value,
            cacheWrite: fields.cacheWrite.value,
            reasoning: fields.reasoning.value
        )
        row.costReported = fields.cost.value.map(PicoUSD.init)
        row.costComputed = fields.computed.value.map(PicoUSD.init)
        row.price = symbols[fields.price]
        row.errorType = symbols[fields.errorType]
        row.timeToFirstToken = fields.timeToFirstToken.value
        row.isStreaming = fields.isStreaming
        row.responseID = identifiers[fields.responseID]
        row.requestID = identifiers[fields.requestID]
        row.session = symbols[fields.session]
        row.user = symbols[fields.user]
        row.labels = symbols[fields.labels]
        row.service = symbols[node.service]
        row.isCounted = record.scope == .own && record.isCall(fields)
        return row
    }
}
