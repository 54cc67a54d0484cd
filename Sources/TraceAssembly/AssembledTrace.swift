// AssembledTrace.swift - the compact state of one trace.

public import TraceModel

/// The compact state of one trace: identities, tree, how each call counts, and the summary.
///
/// Spans are inserted one by one at a cost that hardly depends on the size of the trace. The state after `settle()`
/// depends on the set of inserted versions only, not on their order; except for the numbers of the calls, which
/// follow the order of arrival, and for calls of one id beyond `mostNamesakes`. To restore a state, insert the stored versions, the superseded ones too, in the order
/// of their parts and of their places therein: then the numbers are those of before.
///
/// Strings are kept once each, spans in 88 bytes, calls in about 200.
public struct AssembledTrace: Sendable {
    var nodes = ContiguousArray<Node>()
    /// In use above `scanLimit` spans.
    var nodeIndex = NodeIndex()
    /// First orphan by the id of the parent it waits for; in use with `nodeIndex`.
    var waiting: [SpanID: Int32] = [:]
    var symbols = SymbolTable()
    /// Response and request ids.
    var identifiers = SymbolTable()
    var hints = SymbolHints()

    var calls = ContiguousArray<CallRecord>()
    var mergedFields = ContiguousArray<CallFields>()
    /// Numbers of spans whose winning version has no call any more.
    var retired: [SpanID: Int32] = [:]
    var lost: Set<LostVersion> = []

    var groups = ContiguousArray<IdentityGroup>()
    /// The call of an identity; of more than one the inverted place in `sharedIdentities`.
    ///
    /// In use above `scanLimit` calls.
    var identities: [CallIdentity: Int32] = [:]
    /// The calls of the identities that more than one has, at most `mostNamesakes` each.
    var sharedIdentities: ContiguousArray<ContiguousArray<Int32>> = []

    var beside = BesideCalls()

    var dirtyCalls = WorkList()
    var dirtyGroups = ContiguousArray<Int32>()
    var affectedCalls = WorkList()
    var changedCalls = WorkList()

    var extent = TraceExtent()
    var missingParents = 0
    var cyclicCount = 0
    var needsRebuild = false

    var totals = CallTotals()
    var ownCalls = ContiguousArray<Int32>()
    var highlights = CallHighlights()

    /// Up to so many spans, or calls, are searched one by one.
    static let scanLimit = 32
    /// Calls of one id that a new one is compared with, those that came first: only beyond them does it matter in which
    /// order calls came.
    static let mostNamesakes = 1024

    /// Makes a trace without spans.
    public init() {}

    /// Distinct spans.
    public var spanCount: Int { nodes.count }

    /// Memory held, roughly; for the bound of a cache.
    public var approximateBytes: Int {
        let arrays =
            nodes.capacity * MemoryLayout<Node>.stride + calls.capacity * MemoryLayout<CallRecord>.stride
            + mergedFields.capacity * MemoryLayout<CallFields>.stride
            + groups.capacity * MemoryLayout<IdentityGroup>.stride
            + dirtyCalls.byteCount + affectedCalls.byteCount + changedCalls.byteCount
            + (dirtyGroups.capacity + ownCalls.capacity) * 4
        let tables =
            nodeIndex.byteCount + symbols.byteCount + identifiers.byteCount + waiting.capacity * 16
            + retired.capacity * 16 + lost.capacity * 20 + identities.capacity * 16 + sharedIdentities.count * 96
            + beside.byteCount
        return MemoryLayout<AssembledTrace>.size + arrays + tables
    }

    /// How the usage of a span's call counts, and why; nil when the span has no call or is not there.
    public func scope(of span: SpanID) -> (UsageScope, UsageRule)? {
        let index = find(span)
        guard index >= 0, nodes[Int(index)].call >= 0 else { return nil }
        let call = calls[Int(nodes[Int(index)].call)]
        return (call.scope, call.rule)
    }

    /// The number of a span's call; nil when the span has none or is not there.
    ///
    /// Changes nothing; mutating, since a state in an object would be copied for the time of a call that is not.
    public mutating func callNumber(of span: SpanID) -> UInt32? {
        let index = find(span)
        guard index >= 0, nodes[Int(index)].call >= 0 else { return nil }
        return UInt32(nodes[Int(index)].call)
    }

    /// Inserts one version of a span.
    ///
    /// Call `settle()` before anything is read.
    ///
    /// - Parameters:
    ///   - facts: Its indexes into the batch are not looked at.
    ///   - call: The call that the version describes.
    ///   - session: The session that the version names.
    ///   - user: The user that the version names.
    ///   - service: The service of its resource.
    ///   - part: The number of the stored part that holds it.
    ///   - tieBreak: Whether the incoming bytes are greater than those of the stored version; asked only when nothing
    ///     else decides.
    /// - Returns: What became of it. A superseded version changes nothing, but is remembered.
    public mutating func insert(
        _ facts: SpanFacts,
        call: LLMCall?,
        session: String?,
        user: String?,
        service: String?,
        part: UInt32,
        tieBreak: (_ stored: SpanVersion) -> Bool
    ) -> InsertOutcome {
        guard var call else {
            return insert(
                facts,
                callAt: nil,
                session: session,
                user: user,
                service: service,
                part: part,
                tieBreak: tieBreak
            )
        }
        return insert(
            facts,
            callAt: &call,
            session: session,
            user: user,
            service: service,
            part: part,
            tieBreak: tieBreak
        )
    }

    /// Inserts one version of a span, whose call is read where it lies.
    ///
    /// A call owns up to eight strings, each of which a copy would count.
    ///
    /// - Parameters:
    ///   - facts: Its indexes into the batch are not looked at.
    ///   - call: The call that the version describes, good for the time of the insert; nil for none.
    ///   - session: The session that the version names.
    ///   - user: The user that the version names.
    ///   - service: The service of its resource.
    ///   - part: The number of the stored part that holds it.
    ///   - tieBreak: Whether the incoming bytes are greater than those of the stored version.
    /// - Returns: What became of it.
    public mutating func insert(
        _ facts: SpanFacts,
        callAt call: UnsafePointer<LLMCall>?,
        session: String?,
        user: String?,
        service: String?,
        part: UInt32,
        tieBreak: (_ stored: SpanVersion) -> Bool
    ) -> InsertOutcome {
        let known = find(facts.spanID)
        if known >= 0 {
            let stored = nodes[Int(known)]
            if stored.fingerprint == facts.fingerprint { return .duplicate }
            let version = LostVersion(spanID: facts.spanID, fingerprint: facts.fingerprint)
            if lost.contains(version) { return .duplicate }
            guard stored.loses(to: facts, tieBreak: tieBreak) else {
                lost.insert(version)
                return .superseded
            }
            lost.insert(LostVersion(spanID: stored.id, fingerprint: stored.fingerprint))
        }
        let index = known >= 0 ? known : Int32(nodes.count)
        var node = Node(facts, index: index, part: part)
        node.session = symbols.symbol(for: session, hint: hints.session)
        node.user = symbols.symbol(for: user, hint: hints.user)
        node.service = symbols.symbol(for: service, hint: hints.service)
        hints.note(node)
        if known >= 0 {
            supersede(known, by: node, call: call, instrumentation: facts.instrumentation)
            return .superseding
        }
        append(node, call: call, instrumentation: facts.instrumentation)
        return .added
    }

    /// Finishes the work that inserts left: judges and counts again what they touched.
    ///
    /// Must be called before anything is read. Costs about what was inserted since the last time, and the calls that agree
    /// with it in everything but the instrumentation; a version that changed the place, role or ids of its span costs once
    /// the whole trace.
    public mutating func settle() {
        if needsRebuild { rebuild() }
        if extent.isStale { rescanExtent() }
        guard !dirtyCalls.isEmpty || !dirtyGroups.isEmpty || !beside.dirty.isEmpty else { return }
        judgeDirtyGroups()
        judgeDirtyCalls()
        recountAffectedCalls()
        if highlights.isStale { rescanHighlights() }
    }

    private mutating func append(_ new: Node, call: UnsafePointer<LLMCall>?, instrumentation: UInt32) {
        let index = Int32(nodes.count)
        if nodes.isEmpty { nodes.reserveCapacity(8) }
        nodes.append(new)
        if let call { enter(call, of: index, instrumentation: instrumentation) }
        if nodeIndex.isBuilt {
            nodeIndex.appendLast(of: nodes)
        } else if nodes.count > Self.scanLimit {
            nodeIndex.build(nodes)
            for orphan in 0..<index where nodes[Int(orphan)].waitsForParent { wait(orphan) }
        }
        guard !needsRebuild else { return }
        settleIn(index)
    }

    /// Gives a node that nothing derived knows yet its place in everything derived.
    mutating func settleIn(_ index: Int32) {
        attach(index)
        extend(by: index)
        let call = nodes[Int(index)].call
        guard call >= 0 else { return }
        joinGroups(call)
        listBeside(call)
    }

    /// The node of a span; -1 when there is none.
    func find(_ span: SpanID) -> Int32 {
        if nodeIndex.isBuilt { return nodeIndex.find(span, in: nodes) }
        for index in nodes.indices where nodes[index].id == span { return Int32(index) }
        return -1
    }
}

/// The symbols used last, tried first for the next span.
struct SymbolHints {
    var session = Symbol.none
    var user = Symbol.none
    var service = Symbol.none
    var operation = Symbol.none
    var provider = Symbol.none
    var requestModel = Symbol.none
    var responseModel = Symbol.none
    var errorType = Symbol.none
    var price = Symbol.none

    mutating func note(_ node: Node) {
        if !node.session.isNone { session = node.session }
        if !node.user.isNone { user = node.user }
        if !node.service.isNone { service = node.service }
    }

    mutating func note(_ fields: CallFields) {
        if !fields.operation.isNone { operation = fields.operation }
        if !fields.provider.isNone { provider = fields.provider }
        if !fields.requestModel.isNone { requestModel = fields.requestModel }
        if !fields.responseModel.isNone { responseModel = fields.responseModel }
        if !fields.errorType.isNone { errorType = fields.errorType }
        if !fields.price.isNone { price = fields.price }
    }
}
