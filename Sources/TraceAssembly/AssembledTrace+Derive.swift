// AssembledTrace+Derive.swift - what a new link tells the spans above it.

import TraceModel

extension AssembledTrace {
    /// Tells the ancestors of a node that has a new parent and, as far as is known, no children.
    mutating func deriveLink(_ index: Int32) {
        let node = nodes[Int(index)]
        if node.flags.contains(.providerUsage) { raiseUsage(from: node.parent) }
        if node.flags.contains(.peered) { raisePeers(from: node.parent) }
        guard node.isModelCall else { return }
        let above = nearestCall(of: node.role, from: node.parent)
        if above.call >= 0 { connect(node.call, to: above.call) }
    }

    /// Tells a node and its ancestors of the subtrees that became its children.
    mutating func deriveAdoption(by index: Int32) {
        var child = nodes[Int(index)].firstChild
        guard child >= 0 else { return }
        let llm = nearestCall(of: .llm, from: index)
        let embedding = nearestCall(of: .embedding, from: index)
        let reranker = nearestCall(of: .reranker, from: index)
        while child >= 0 {
            let flags = nodes[Int(child)].flags
            if !flags.isDisjoint(with: [.providerUsage, .usageBelow]) { raiseUsage(from: index) }
            if !flags.isDisjoint(with: [.peered, .peersBelow]) {
                raisePeers(from: index)
                touchGroups(below: child)
            }
            // The roles of which one call may lie in another.
            if llm.call >= 0 { connectFrontier(below: child, to: llm.call, between: llm.between) }
            if embedding.call >= 0 { connectFrontier(below: child, to: embedding.call, between: embedding.between) }
            if reranker.call >= 0 { connectFrontier(below: child, to: reranker.call, between: reranker.between) }
            child = nodes[Int(child)].nextSibling
        }
    }

    /// Marks every node from here to the top, until one that knows: some descendant carries usage.
    mutating func raiseUsage(from start: Int32) {
        var index = start
        while index >= 0, !nodes[Int(index)].flags.contains(.usageBelow) {
            nodes[Int(index)].flags.insert(.usageBelow)
            let call = nodes[Int(index)].call
            if call >= 0 {
                markDirty(call)
                if nodes[Int(index)].marks.contains(.aggregateByName) { leftGroup(call) }
            }
            index = nodes[Int(index)].parent
        }
    }

    /// Marks every node from here to the top, until one that knows: some descendant shares an id.
    mutating func raisePeers(from start: Int32) {
        var index = start
        while index >= 0, !nodes[Int(index)].flags.contains(.peersBelow) {
            nodes[Int(index)].flags.insert(.peersBelow)
            index = nodes[Int(index)].parent
        }
    }

    /// Most spans between a call and the nearest one of its kind below it.
    static var maxBetween: Int { 8 }

    /// The nearest call of a role at or above a node; `between` counts the spans passed.
    ///
    /// -1 when there is none: an agent stands in between, the way is too long, or the tree ends.
    func nearestCall(of role: SpanRole, from start: Int32) -> (call: Int32, between: Int) {
        var index = start
        var between = 0
        while index >= 0 {
            if nodes[Int(index)].role == role, nodes[Int(index)].isModelCall {
                return (nodes[Int(index)].call, between)
            }
            between += 1
            if nodes[Int(index)].role == .agent || between > Self.maxBetween { break }
            index = nodes[Int(index)].parent
        }
        return (-1, between)
    }

    /// Connects the calls of the owner's role that a subtree shows to the outside.
    private mutating func connectFrontier(below start: Int32, to owner: Int32, between: Int) {
        let role = calls[Int(owner)].role
        if nodes[Int(start)].role == role, nodes[Int(start)].isModelCall {
            return connect(nodes[Int(start)].call, to: owner)
        }
        guard nodes[Int(start)].firstChild >= 0 else { return }
        var stack: [(node: Int32, between: Int)] = [(start, between)]
        while let (index, between) = stack.popLast() {
            if nodes[Int(index)].role == role, nodes[Int(index)].isModelCall {
                connect(nodes[Int(index)].call, to: owner)
                continue
            }
            guard between < Self.maxBetween, nodes[Int(index)].role != .agent else { continue }
            var child = nodes[Int(index)].firstChild
            while child >= 0 {
                stack.append((child, between + 1))
                child = nodes[Int(child)].nextSibling
            }
        }
    }

    private mutating func connect(_ call: Int32, to owner: Int32) {
        calls[Int(call)].nearest = owner
        let record = calls[Int(call)]
        calls[Int(owner)].frontier.add(record, call)
        markDirty(owner)
    }
}

extension Frontier {
    mutating func add(_ record: CallRecord, _ call: Int32) {
        count += 1
        indexes ^= call
        if !record.isFailedAttempt {
            live += 1
            liveIndexes ^= call
        }
        withTokens += record.fields.hasTokens ? 1 : 0
        input &+= record.fields.input.orZero
        output &+= record.fields.output.orZero
    }

    mutating func subtract(_ record: CallRecord, _ call: Int32) {
        count -= 1
        indexes ^= call
        if !record.isFailedAttempt {
            live -= 1
            liveIndexes ^= call
        }
        withTokens -= record.fields.hasTokens ? 1 : 0
        input &-= record.fields.input.orZero
        output &-= record.fields.output.orZero
    }
}
