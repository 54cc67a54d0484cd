// AssembledTrace+Identity.swift - calls that share a response or request id.

import TraceModel

/// What makes two spans one call: the same id, of the same kind, on spans of the same role.
struct CallIdentity: Hashable {
    var bits: UInt64

    init(_ id: Symbol, isRequest: Bool, role: SpanRole) {
        bits = UInt64(id.rawValue) << 2 | (isRequest ? 2 : 0) | (role == .embedding ? 1 : 0)
    }
}

/// Spans that show one call, since they share ids, directly or by way of another span.
struct IdentityGroup {
    /// Some member; all are in a ring.
    var head: Int32
    var count = 0
    /// The member that counts; -1 until judged.
    var winner: Int32 = -1
    /// Whether all other members are ancestors of the winner.
    ///
    /// Only then structure may take the winner for a
    /// repetition or a sum of what lies below it: otherwise two groups could point at each other.
    var isChain = true
    var isDirty = false
    /// Whether all members were judged since the group became large.
    var isSettledLarge = false

    /// Above so many members ancestors are not looked for, and no fields are merged.
    static let walkLimit = 64

    var isLarge: Bool { count > Self.walkLimit }
}

extension AssembledTrace {
    /// Unites a new call with those that share an id with it.
    mutating func joinGroups(_ call: Int32) {
        let role = calls[Int(call)].role
        if calls.count == Self.scanLimit + 1, Int(call) == Self.scanLimit {
            for earlier in 0..<call where calls[Int(earlier)].flags.contains(.present) { register(earlier) }
        }
        guard role == .llm || role == .embedding else { return }
        for isRequest in [false, true] {
            let fields = calls[Int(call)].fields
            let id = isRequest ? fields.requestID : fields.responseID
            guard !id.isNone else { continue }
            for other in namesakes(of: id, isRequest: isRequest, role: role) where mayBeOne(call, other) {
                unite(call, other)
            }
        }
        if calls.count > Self.scanLimit { register(call) }
    }

    /// Whether two calls that share an id may be one: they overlap, or are near each other and their tokens do not both
    /// differ.
    private func mayBeOne(_ left: Int32, _ right: Int32) -> Bool {
        let (mine, other) = (calls[Int(left)], calls[Int(right)])
        let (time, otherTime) = (nodes[Int(mine.node)].callTime, nodes[Int(other.node)].callTime)
        guard time.gap(to: otherTime) > 0 else { return true }
        return time.isNear(otherTime)
            && (mine.fields.input.agrees(with: other.fields.input)
                || mine.fields.output.agrees(with: other.fields.output))
    }

    /// Whether another call has an id of this one.
    func hasNamesake(_ call: Int32) -> Bool {
        let record = calls[Int(call)]
        return [false, true].contains { isRequest in
            let id = isRequest ? record.fields.requestID : record.fields.responseID
            guard !id.isNone else { return false }
            return namesakes(of: id, isRequest: isRequest, role: record.role).contains { $0 != call }
        }
    }

    /// Whether a member takes part in the choice: a sum by name shows no single call.
    func isActive(_ call: Int32) -> Bool {
        let node = nodes[Int(calls[Int(call)].node)]
        return !(node.marks.contains(.aggregateByName) && node.flags.contains(.usageBelow))
    }

    /// A call became a sum by name, so that it takes no part in its group any more.
    mutating func leftGroup(_ call: Int32) {
        let group = calls[Int(call)].group
        guard group >= 0 else { return }
        if !groups[Int(group)].isLarge || groups[Int(group)].winner == call { markDirtyGroup(group) }
    }

    mutating func markDirtyGroup(_ group: Int32) {
        guard !groups[Int(group)].isDirty else { return }
        groups[Int(group)].isDirty = true
        dirtyGroups.append(group)
    }

    /// Ancestors changed: the small groups of the members at or below a node must be judged again.
    mutating func touchGroups(below start: Int32) {
        var stack: [(node: Int32, depth: Int)] = [(start, 1)]
        while let (index, depth) = stack.popLast() {
            let call = nodes[Int(index)].call
            if nodes[Int(index)].flags.contains(.peered), call >= 0 {
                let group = calls[Int(call)].group
                if group >= 0, !groups[Int(group)].isLarge { markDirtyGroup(group) }
            }
            guard nodes[Int(index)].flags.contains(.peersBelow), depth < IdentityGroup.walkLimit else { continue }
            var child = nodes[Int(index)].firstChild
            while child >= 0 {
                if !nodes[Int(child)].flags.isDisjoint(with: [.peered, .peersBelow]) {
                    stack.append((child, depth + 1))
                }
                child = nodes[Int(child)].nextSibling
            }
        }
    }

    /// Makes a call findable by its ids.
    private mutating func register(_ call: Int32) {
        let record = calls[Int(call)]
        guard record.role == .llm || record.role == .embedding else { return }
        for isRequest in [false, true] {
            let id = isRequest ? record.fields.requestID : record.fields.responseID
            guard !id.isNone else { continue }
            let identity = CallIdentity(id, isRequest: isRequest, role: record.role)
            guard let known = identities[identity] else {
                identities[identity] = call
                continue
            }
            if known >= 0, known != call {
                identities[identity] = ~Int32(sharedIdentities.count)
                sharedIdentities.append([known, call])
            } else if known < 0, sharedIdentities[Int(~known)].count < Self.mostNamesakes,
                !sharedIdentities[Int(~known)].contains(call)
            {
                sharedIdentities[Int(~known)].append(call)
            }
        }
    }

    /// The calls that have an id, as far as they are known.
    private func namesakes(of id: Symbol, isRequest: Bool, role: SpanRole) -> ContiguousArray<Int32> {
        if calls.count > Self.scanLimit {
            guard let known = identities[CallIdentity(id, isRequest: isRequest, role: role)] else { return [] }
            return known >= 0 ? [known] : sharedIdentities[Int(~known)]
        }
        var found = ContiguousArray<Int32>()
        for index in calls.indices where calls[index].role == role && calls[index].flags.contains(.present) {
            guard (isRequest ? calls[index].fields.requestID : calls[index].fields.responseID) == id else { continue }
            found.append(Int32(index))
        }
        return found
    }

    private mutating func unite(_ call: Int32, _ other: Int32) {
        guard call != other else { return }
        let left = calls[Int(call)].group
        let right = calls[Int(other)].group
        if left < 0, right < 0 {
            groups.append(IdentityGroup(head: other))
            add(other, to: Int32(groups.count - 1))
            add(call, to: Int32(groups.count - 1))
        } else if left < 0 {
            add(call, to: right)
        } else if right < 0 {
            add(other, to: left)
        } else if left != right {
            let isLeftLarger = groups[Int(left)].count > groups[Int(right)].count
            merge(isLeftLarger ? right : left, into: isLeftLarger ? left : right)
        }
    }

    private mutating func add(_ call: Int32, to group: Int32) {
        let head = groups[Int(group)].head
        calls[Int(call)].group = group
        if head != call {
            calls[Int(call)].peer = calls[Int(head)].peer
            calls[Int(head)].peer = call
        }
        let wasLarge = groups[Int(group)].isLarge
        groups[Int(group)].count += 1
        markPeered(call)
        guard wasLarge, !groups[Int(group)].isDirty else { return markDirtyGroup(group) }
        let winner = groups[Int(group)].winner
        guard isActive(call), winner < 0 || takesPlace(call, of: winner) else { return }
        if winner >= 0 { markDirty(winner) }
        groups[Int(group)].winner = call
    }

    /// Whether a member of a large group counts in place of another: one made of a log record gives way to any real one.
    private func takesPlace(_ call: Int32, of winner: Int32) -> Bool {
        let isRecord = isStandIn(call)
        return isRecord == isStandIn(winner) ? isInner(call, winner) : !isRecord
    }

    private mutating func merge(_ group: Int32, into target: Int32) {
        let first = groups[Int(group)].head
        var member = first
        repeat {
            calls[Int(member)].group = target
            markDirty(member)
            member = calls[Int(member)].peer
        } while member != first
        let head = groups[Int(target)].head
        let rest = calls[Int(head)].peer
        calls[Int(head)].peer = calls[Int(first)].peer
        calls[Int(first)].peer = rest
        groups[Int(target)].count += groups[Int(group)].count
        groups[Int(group)].count = 0
        markDirtyGroup(target)
    }

    private mutating func markPeered(_ call: Int32) {
        let node = Int(calls[Int(call)].node)
        nodes[node].flags.insert(.peered)
        raisePeers(from: nodes[node].parent)
        markDirty(call)
    }
}

extension Node {
    /// When its call was; a span without a start tells its end alone.
    fileprivate var callTime: CallTime {
        CallTime(
            start: marks.contains(.startMissing) ? end : start,
            end: end,
            isRecord: marks.contains(.synthesized)
        )
    }
}
