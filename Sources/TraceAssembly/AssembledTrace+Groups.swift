// AssembledTrace+Groups.swift - which of the spans that share an id counts.

import TraceModel

extension AssembledTrace {
    mutating func judgeDirtyGroups() {
        var next = 0
        while next < dirtyGroups.count {
            let group = dirtyGroups[next]
            groups[Int(group)].isDirty = false
            if groups[Int(group)].count > 0 { judgeGroup(group) }
            next += 1
        }
        dirtyGroups.removeAll(keepingCapacity: true)
    }

    /// The order of spans that show one call when ancestry does not decide: one that carries usage, the later start,
    /// the earlier end, the smaller id.
    func isInner(_ left: Int32, _ right: Int32) -> Bool {
        let leftUsage = calls[Int(left)].fields.carriesUsage
        guard leftUsage == calls[Int(right)].fields.carriesUsage else { return leftUsage }
        let leftNode = nodes[Int(calls[Int(left)].node)]
        let rightNode = nodes[Int(calls[Int(right)].node)]
        guard leftNode.start == rightNode.start else { return leftNode.start > rightNode.start }
        guard leftNode.end == rightNode.end else { return leftNode.end < rightNode.end }
        return leftNode.id < rightNode.id
    }

    /// The members of a group.
    func members(of group: Int32) -> ContiguousArray<Int32> {
        var found = ContiguousArray<Int32>()
        found.reserveCapacity(groups[Int(group)].count)
        let first = groups[Int(group)].head
        var member = first
        repeat {
            found.append(member)
            member = calls[Int(member)].peer
        } while member != first
        return found
    }

    private mutating func judgeGroup(_ group: Int32) {
        let members = members(of: group)
        let former = groups[Int(group)]
        var winner: Int32 = -1
        var inner = 0
        // A member made of a log record gives way to any real one.
        let hasReal = members.contains { isActive($0) && !isStandIn($0) }
        if !former.isLarge { markOuter(hasReal ? members.filter { !isStandIn($0) } : members, of: group) }
        for member in members where isActive(member) && !calls[Int(member)].flags.contains(.outer) {
            inner += 1
            guard !hasReal || !isStandIn(member) else { continue }
            if winner < 0 || isInner(member, winner) { winner = member }
        }
        for member in members { calls[Int(member)].flags.remove(.outer) }
        let isChain = inner <= 1 && !former.isLarge
        guard winner != former.winner || isChain != former.isChain || former.isLarge else { return }
        groups[Int(group)].winner = winner
        groups[Int(group)].isChain = isChain
        groups[Int(group)].isSettledLarge = former.isLarge
        if former.isSettledLarge {
            if former.winner >= 0 { markDirty(former.winner) }
            if winner >= 0 { markDirty(winner) }
            return
        }
        for member in members { markDirty(member) }
    }

    /// Whether the span of a call was made of a log record.
    func isStandIn(_ call: Int32) -> Bool {
        nodes[Int(calls[Int(call)].node)].marks.contains(.synthesized)
    }

    /// Marks the active members that have another one below them, at most 64 parents away.
    private mutating func markOuter(_ members: ContiguousArray<Int32>, of group: Int32) {
        for member in members where isActive(member) {
            var index = nodes[Int(calls[Int(member)].node)].parent
            var steps = 0
            while index >= 0, steps < IdentityGroup.walkLimit {
                let call = nodes[Int(index)].call
                if call >= 0, calls[Int(call)].group == group { calls[Int(call)].flags.insert(.outer) }
                index = nodes[Int(index)].parent
                steps += 1
            }
        }
    }
}
