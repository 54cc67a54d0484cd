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
    /// Only where no tokens are known: those of a call are known to all or to none.
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

    var byteCount: Int { places.capacity * 48 + buckets.reduce(0) { $0 + 32 + $1.members.capacity * 4 } }

    /// Of more calls that agree in everything none is taken for another: comparing them would take too long.
    static let mostMembers = 2048
    /// Nanoseconds that the end of the inner span may be after that of the outer one.
    static let tolerance: Int64 = 5_000_000
}

/// Spans of one call, from the outermost to the innermost, each of another instrumentation.
private struct BesideChain {
    var members: ContiguousArray<Int32>
    var last: Node
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

    /// Finds anew which calls are shown by several spans, where that may have changed.
    mutating func judgeBeside() {
        for bucket in beside.dirty {
            beside.buckets[Int(bucket)].isDirty = false
            let chains = chains(of: bucket)
            for chain in chains { settle(chain) }
        }
        beside.dirty.removeAll(keepingCapacity: true)
    }

    private mutating func enlist(_ call: Int32) {
        let record = calls[Int(call)]
        guard record.bucket < 0, record.flags.contains(.present), record.instrumentation != 0,
            record.role.isProviderCall,
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
        let family = symbols[record.fields.model].map { String(decoding: ModelFamily.family(of: $0), as: UTF8.self) }
        return BesideKey(
            role: record.role,
            service: nodes[Int(record.node)].service,
            family: symbols.symbol(for: family, hint: .none),
            hasTokens: record.fields.hasTokens,
            input: record.fields.input.orZero,
            output: record.fields.output.orZero,
            isFailed: !record.fields.hasTokens && record.flags.contains(.failed)
        )
    }

    /// The calls of a bucket that nothing else takes for a sum or a repetition, those together that show one call.
    ///
    /// Each span joins, in the order of their starts, the spans around it whose innermost one ends first: so equal
    /// calls at the same time, each shown by two spans, stay as many as they are.
    private func chains(of bucket: Int32) -> ContiguousArray<BesideChain> {
        var members = beside.buckets[Int(bucket)].members
        members.removeAll { calls[Int($0)].scope != .own && calls[Int($0)].rule != .duplicateByScope }
        let isTooMany = members.count > BesideCalls.mostMembers
        members.sort { isOuter(nodes[Int(calls[Int($0)].node)], nodes[Int(calls[Int($1)].node)]) }
        var chains = ContiguousArray<BesideChain>()
        // Those that the next spans may lie in.
        var open = ContiguousArray<Int>()
        for member in members {
            let node = nodes[Int(calls[Int(member)].node)]
            open.removeAll { chains[$0].last.end + BesideCalls.tolerance < node.start }
            let around = isTooMany ? nil : open.filter { isPart(member, node, of: chains[$0]) }
            guard let place = around?.min(by: { isCloser(chains[$0].last, chains[$1].last) }) else {
                open.append(chains.count)
                chains.append(BesideChain(members: [member], last: node))
                continue
            }
            chains[place].members.append(member)
            chains[place].last = node
        }
        return chains
    }

    private func isOuter(_ left: Node, _ right: Node) -> Bool {
        guard left.start == right.start else { return left.start < right.start }
        return left.end != right.end ? left.end > right.end : left.id < right.id
    }

    private func isCloser(_ left: Node, _ right: Node) -> Bool {
        guard left.end == right.end else { return left.end < right.end }
        return left.start != right.start ? left.start > right.start : left.id < right.id
    }

    /// Whether a span lies within the innermost one of others and may show the same call as all of them.
    private func isPart(_ call: Int32, _ node: Node, of chain: BesideChain) -> Bool {
        let isMoment = node.start == node.end
        guard node.end - BesideCalls.tolerance <= chain.last.end, isMoment || node.start <= chain.last.end else {
            return false
        }
        let record = calls[Int(call)]
        return chain.members.allSatisfy { member in
            let other = calls[Int(member)]
            return other.instrumentation != record.instrumentation
                && other.fields.responseID.agrees(with: record.fields.responseID)
                && other.fields.requestID.agrees(with: record.fields.requestID)
        }
    }

    /// Lets the innermost span of a chain count, of those that took time at all.
    private mutating func settle(_ chain: BesideChain) {
        let lasting = chain.members.last { member in
            let node = nodes[Int(calls[Int(member)].node)]
            return node.start != node.end
        }
        let counting = lasting ?? chain.members[chain.members.count - 1]
        var next: Int32 = -1
        for member in chain.members where member != counting {
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
