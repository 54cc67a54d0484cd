// CallRecord.swift - the state of one call of a trace.

import TraceModel

/// Where a call stands in the work of the assembly.
struct CallFlags: OptionSet {
    let rawValue: UInt16

    /// The winning version of the span has a call.
    static let present = CallFlags(rawValue: 1 << 0)
    /// Waits to be judged.
    static let dirty = CallFlags(rawValue: 1 << 1)
    /// Waits to be counted again.
    static let affected = CallFlags(rawValue: 1 << 2)
    /// Its row waits to be taken.
    static let changed = CallFlags(rawValue: 1 << 3)
    /// Its row was taken before, and not removed since.
    static let emitted = CallFlags(rawValue: 1 << 4)
    /// Its effective fields are in the totals.
    static let counted = CallFlags(rawValue: 1 << 5)
    /// Its effective fields are those of its slot in `mergedFields`, not its own.
    static let merged = CallFlags(rawValue: 1 << 6)
    /// The span failed.
    static let failed = CallFlags(rawValue: 1 << 7)
    /// The span is a preview of one that is not finished.
    static let pending = CallFlags(rawValue: 1 << 9)
    /// While a group is judged: another member of the group lies below.
    static let outer = CallFlags(rawValue: 1 << 8)
}

/// The nearest calls of the same role below a call, in sums that can be undone.
struct Frontier {
    var count: Int32 = 0
    /// Exclusive or of the indexes; the index itself when there is one.
    var indexes: Int32 = 0
    /// Those that are no failed attempts, which used nothing.
    var live: Int32 = 0
    /// Exclusive or of the indexes of those.
    var liveIndexes: Int32 = 0
    /// Those that know tokens.
    var withTokens: Int32 = 0
    /// Wrap around; only compared.
    var input: Int64 = 0
    var output: Int64 = 0
}

/// The state of one call; its place in the array is its number within the trace.
struct CallRecord {
    var fields: CallFields
    var node: Int32
    var flags: CallFlags
    var role: SpanRole
    var scope: UsageScope = .own
    var rule: UsageRule = .ownCall
    /// The call that this one repeats; -1 for none.
    var target: Int32 = -1
    /// The target before the last judgement.
    var formerTarget: Int32 = -1
    /// Slot in `mergedFields`; -1 when it never had one.
    var mergedSlot: Int32 = -1
    /// Place in `ownCalls`; -1 when not there.
    var ownPlace: Int32 = -1
    /// The nearest call of the same role above; -1 for none.
    var nearest: Int32 = -1
    /// The identity group; -1 when alone.
    var group: Int32 = -1
    /// The next member of the group, in a ring.
    var peer: Int32
    /// Hash of the name of the span's scope, which tells instrumentations apart; 0 for none.
    var instrumentation: UInt32 = 0
    /// Where calls of other instrumentations are looked for; -1 for nowhere.
    var bucket: Int32 = -1
    /// The next span of other instrumentations that repeats the call which counts, from that on; -1 for none.
    var twin: Int32 = -1
    var frontier = Frontier()

    init(fields: CallFields, role: SpanRole, node: Int32, index: Int32) {
        self.fields = fields
        self.role = role
        self.node = node
        flags = []
        peer = index
    }

    /// Whether the call failed and used nothing, so that another attempt may have followed.
    var isFailedAttempt: Bool { flags.contains(.failed) && !fields.carriesUsage }

    /// Whether the call enters the number of calls when it is own.
    func isCall(_ effective: CallFields) -> Bool {
        role.isProviderCall || effective.carriesUsage
    }
}
