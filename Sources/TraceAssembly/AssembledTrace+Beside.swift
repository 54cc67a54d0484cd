// AssembledTrace+Beside.swift - one call that several instrumentations show beside each other.

import TraceModel

/// What spans of different instrumentations must agree in to show one call.
struct BesideKey: Hashable {
    var role: SpanRole
    var service: Symbol
    /// The family of the model; none where no model is named.
    var family: Symbol
    var hasTokens: Bool
    var input: Int64
    var output: Int64
    /// Only where there are no tokens: those of a failed call are known to all or to none.
    var isFailed: Bool
}

/// The calls of a trace that more than one instrumentation shows, found by what they agree in.
///
/// Empty while all calls come from one instrumentation, as mostly.
struct BesideCalls {
    struct Bucket {
        var members = ContiguousArray<Int32>()
        var isDirty = false
    }

    /// The instrumentation of the first call.
    var first: UInt32 = 0
    var isMixed = false
    var places: [BesideKey: Int32] = [:]
    var buckets = ContiguousArray<Bucket>()
    var dirty = ContiguousArray<Int32>()

    /// About; a bucket has mostly one member, in a block of its own.
    var byteCount: Int { buckets.capacity * 64 + places.capacity * 56 + dirty.capacity * 4 }

    /// Of more calls that agree in everything none is taken for another: putting them in order would take too long.
    static let mostMembers = 16_384
    /// Calls at the same time that one more is compared with, those that started last.
    static let mostOpen = 64
    /// Spans above a call that are looked at.
    static let mostSteps = 64
    /// Nanoseconds that the end of the inner span may be after that of the outer one.
    static let tolerance: Int64 = 5_000_000
    /// Nanoseconds between the starts of two spans that begin with each other.
    private static let together: Int64 = 1_000_000
    private static let mostSlack: Int64 = 1_000_000_000

    /// Nanoseconds that a span may end after another one within which it lies.
    ///
    /// Of two that begin with each other either may be told first that the answer is there, and the other one late where
    /// many wait for the processor.
    static func slack(from start: Int64, to end: Int64, startingAt inner: Int64) -> Int64 {
        guard inner - start <= together else { return tolerance }
        return min(max(tolerance, (end - start) / 4), mostSlack)
    }
}

/// Spans of one call, from the outermost to the innermost, each of another instrumentation.
private struct BesideChain {
    var outermost: Int32
    var others = ContiguousArray<Int32>()
    // The times and the id of the innermost one.
    var start: Int64
    var end: Int64
    var id: SpanID

    init(_ member: Int32, _ node: Node) {
        outermost = member
        (start, end, id) = (node.start, node.end, node.id)
    }

    mutating func append(_ member: Int32, _ node: Node) {
        others.append(member)
        (start, end, id) = (node.start, node.end, node.id)
    }

    func isCloser(than other: BesideChain) -> Bool {
        guard end == other.end else { return end < other.end }
        return start != other.start ? start > other.start : id < other.id
    }
}

extension AssembledTrace {
    /// Makes a call known to those that other instrumentations may show beside it.
    mutating func listBeside(_ call: Int32) {
        let instrumentation = calls[Int(call)].instrumentation
        guard instrumentation != 0, calls[Int(call)].role.isProviderCall else { return }
        guard !beside.isMixed else { return enlist(call) }
        if beside.first == 0 { beside.first = instrumentation }
        guard beside.first != instrumentation else { return }
        beside.isMixed = true
        for index in calls.indices { enlist(Int32(index)) }
    }

    /// Takes a call out, since another version of its span came.
    mutating func unlistBeside(_ call: Int32) {
        let bucket = calls[Int(call)].bucket
        guard bucket >= 0 else { return }
        calls[Int(call)].bucket = -1
        calls[Int(call)].twin = -1
        beside.buckets[Int(bucket)].members.removeAll { $0 == call }
        touchBeside(bucket)
    }

    /// A call is judged again: those beside it are to be, too.
    mutating func touchBeside(_ bucket: Int32) {
        guard !beside.buckets[Int(bucket)].isDirty else { return }
        beside.buckets[Int(bucket)].isDirty = true
        beside.dirty.append(bucket)
    }

    /// Links changed: what lies above the calls of a subtree is to be looked at again.
    mutating func touchBeside(below start: Int32) {
        var stack: [(node: Int32, depth: Int)] = [(start, 1)]
        while let (index, depth) = stack.popLast() {
            let call = nodes[Int(index)].call
            if call >= 0, calls[Int(call)].bucket >= 0 { touchBeside(calls[Int(call)].bucket) }
            guard depth <= BesideCalls.mostSteps else { continue }
            var child = nodes[Int(index)].firstChild
            while child >= 0 {
                stack.append((child, depth + 1))
                child = nodes[Int(child)].nextSibling
            }
        }
    }

    /// Finds anew which calls are shown by several spans, where that may have changed.
    mutating func judgeBeside() {
        for bucket in beside.dirty {
            beside.buckets[Int(bucket)].isDirty = false
            judgeBeside(in: bucket)
        }
        beside.dirty.removeAll(keepingCapacity: true)
    }

    private mutating func judgeBeside(in bucket: Int32) {
        var members = beside.buckets[Int(bucket)].members
        members.removeAll { calls[Int($0)].scope != .own && calls[Int($0)].rule != .duplicateByScope }
        guard let first = members.first else { return }
        let instrumentation = calls[Int(first)].instrumentation
        guard members.count <= BesideCalls.mostMembers,
            members.contains(where: { calls[Int($0)].instrumentation != instrumentation })
        else {
            for member in members { put(member, target: -1, next: -1) }
            return
        }
        for chain in chains(of: members) { settle(chain) }
    }

    private mutating func enlist(_ call: Int32) {
        let record = calls[Int(call)]
        guard record.bucket < 0, record.flags.contains(.present), record.instrumentation != 0,
            record.role.isProviderCall,
            record.fields.hasTokens || !record.fields.model.isNone,
            nodes[Int(record.node)].marks.isDisjoint(with: [.synthesized, .startMissing, .pending])
        else { return }
        let key = besideKey(of: record)
        let bucket = beside.places[key] ?? Int32(beside.buckets.count)
        if Int(bucket) == beside.buckets.count {
            beside.places[key] = bucket
            beside.buckets.append(BesideCalls.Bucket())
        }
        beside.buckets[Int(bucket)].members.append(call)
        calls[Int(call)].bucket = bucket
        touchBeside(bucket)
    }

    private mutating func besideKey(of record: CallRecord) -> BesideKey {
        let isEmpty = record.fields.input.orZero == 0 && record.fields.output.orZero == 0
        let family = symbols[record.fields.model].map { String(decoding: ModelFamily.family(of: $0), as: UTF8.self) }
        return BesideKey(
            role: record.role,
            service: nodes[Int(record.node)].service,
            family: symbols.symbol(for: family, hint: .none),
            hasTokens: record.fields.hasTokens,
            input: record.fields.input.orZero,
            output: record.fields.output.orZero,
            isFailed: isEmpty && record.flags.contains(.failed)
        )
    }

    /// Calls that agree in what their bucket stands for, those together that show one call.
    ///
    /// Each span joins, in the order of their starts, the spans around it whose innermost one ends first: so equal
    /// calls at the same time, each shown by two spans, stay as many as they are.
    private func chains(of unordered: ContiguousArray<Int32>) -> ContiguousArray<BesideChain> {
        let members = unordered.sorted { isOuter(node(of: $0), node(of: $1)) }
        var chains = ContiguousArray<BesideChain>()
        chains.reserveCapacity(members.count)
        // Those that the next spans may lie in.
        var open = ContiguousArray<Int>()
        for member in members {
            let node = node(of: member)
            open.removeAll { chains[$0].end < node.start - BesideCalls.tolerance }
            var closest = -1
            for place in open where closest < 0 || chains[place].isCloser(than: chains[closest]) {
                if isPart(member, node, of: chains[place]) { closest = place }
            }
            guard closest < 0 else {
                chains[closest].append(member, node)
                continue
            }
            if open.count == BesideCalls.mostOpen { open.removeFirst() }
            open.append(chains.count)
            chains.append(BesideChain(member, node))
        }
        return chains
    }

    private func node(of call: Int32) -> Node { nodes[Int(calls[Int(call)].node)] }

    private func isOuter(_ left: Node, _ right: Node) -> Bool {
        guard left.start == right.start else { return left.start < right.start }
        return left.end != right.end ? left.end > right.end : left.id < right.id
    }

    /// Whether a span lies within the innermost one of others and may show the same call as all of them.
    private func isPart(_ call: Int32, _ node: Node, of chain: BesideChain) -> Bool {
        let isMoment = node.start == node.end
        let end = node.end - BesideCalls.slack(from: chain.start, to: chain.end, startingAt: node.start)
        let isWithin = end <= chain.end && (isMoment || node.start <= chain.end)
        return (isWithin || follows(call, node, chain))
            && mayBeBeside(chain.outermost, call) && chain.others.allSatisfy { mayBeBeside($0, call) }
    }

    /// Whether a span with tokens begins as the other one ends: that of a framework that only gives out a stream, which
    /// its client asks for when the first piece is wanted (LlamaIndex).
    private func follows(_ call: Int32, _ node: Node, _ chain: BesideChain) -> Bool {
        let fields = calls[Int(call)].fields
        guard fields.input.orZero > 0 || fields.output.orZero > 0 else { return false }
        return node.start >= chain.end - BesideCalls.tolerance && node.start - BesideCalls.tolerance <= chain.end
    }

    private func mayBeBeside(_ left: Int32, _ right: Int32) -> Bool {
        let (mine, other) = (calls[Int(left)], calls[Int(right)])
        return mine.instrumentation != other.instrumentation
            && mine.fields.responseID.agrees(with: other.fields.responseID)
            && mine.fields.requestID.agrees(with: other.fields.requestID)
            && mine.fields.cost.agrees(with: other.fields.cost) && areSiblings(mine.node, other.node)
    }

    /// Whether what is around one of two spans is also around the other one, and neither is around the other.
    ///
    /// An instrumentation that does not make its spans the current ones leaves those of the next one beside them, or beside
    /// one of those above them.
    private func areSiblings(_ left: Int32, _ right: Int32) -> Bool {
        let isBelow = isBelow(left, parentOf: right)
        return isBelow == .sibling || (isBelow == .elsewhere && self.isBelow(right, parentOf: left) == .sibling)
    }

    private enum Standing { case sibling, inside, elsewhere }

    /// Whether the parent of one span is above another span, which the span itself is not.
    private func isBelow(_ index: Int32, parentOf other: Int32) -> Standing {
        let parent = nodes[Int(other)].parentID
        var current = index
        var isBelow = parent.isNone
        for _ in 0..<BesideCalls.mostSteps {
            let node = nodes[Int(current)]
            if node.parentID == nodes[Int(other)].id { return .inside }
            if node.parentID == parent { isBelow = true }
            guard node.parent >= 0 else { break }
            current = node.parent
        }
        return isBelow ? .sibling : .elsewhere
    }

    /// Lets the innermost span of a chain count, of those that took time at all.
    private mutating func settle(_ chain: BesideChain) {
        let members = [chain.outermost] + chain.others
        let lasting = members.last { node(of: $0).start != node(of: $0).end }
        let counting = lasting ?? members[members.count - 1]
        var next: Int32 = -1
        for member in members where member != counting {
            put(member, target: counting, next: next)
            next = member
        }
        put(counting, target: -1, next: next)
    }

    private mutating func put(_ call: Int32, target: Int32, next: Int32) {
        let record = calls[Int(call)]
        let rule = target >= 0 ? UsageRule.duplicateByScope : .ownCall
        guard record.rule != rule || record.target != target || record.twin != next else { return }
        if !record.flags.contains(.dirty) {
            calls[Int(call)].formerTarget = record.target
            markDirty(call)
        }
        if record.rule != rule {
            uncount(call)
            calls[Int(call)].scope = target >= 0 ? .duplicate : .own
            calls[Int(call)].rule = rule
            noteChange(call)
        }
        calls[Int(call)].target = target
        calls[Int(call)].twin = next
    }
}

extension Symbol {
    /// Whether the two do not contradict each other.
    fileprivate func agrees(with other: Symbol) -> Bool {
        self == other || isNone || other.isNone
    }
}
