// AssembledTrace+Supersede.swift - a version that takes the place of another one.

import TraceModel

extension AssembledTrace {
    /// Puts a winning version in the place of the one so far.
    mutating func supersede(
        _ index: Int32,
        by new: Node,
        call: UnsafePointer<LLMCall>?,
        instrumentation: UInt32
    ) {
        let old = nodes[Int(index)]
        let former = old.call >= 0 ? calls[Int(old.call)] : nil
        if old.call >= 0 { withdraw(old.call) }
        if !needsRebuild { retract(index, for: new) }
        replaceFacts(of: index, by: new)
        if let call {
            enter(call, of: index, instrumentation: instrumentation)
        } else if old.call >= 0 {
            retire(old.call, of: index)
        }
        guard !needsRebuild else { return }
        guard keepsPlace(index, old: old, former: former) else {
            needsRebuild = true
            return
        }
        extend(by: index)
        adjust(index, former: former)
    }

    /// Everything of the version, but the links.
    private mutating func replaceFacts(of index: Int32, by new: Node) {
        var node = new
        let old = nodes[Int(index)]
        node.parent = old.parent
        node.firstChild = old.firstChild
        node.nextSibling = old.nextSibling
        node.anchor = old.anchor
        node.call = old.call
        node.flags = old.flags.subtracting(.providerUsage)
        node.marks.formUnion(old.marks.intersection(.parentCyclic))
        nodes[Int(index)] = node
    }

    private mutating func retire(_ call: Int32, of index: Int32) {
        nodes[Int(index)].call = -1
        retired[nodes[Int(index)].id] = call
        calls[Int(call)].flags.subtract([.present, .merged, .failed])
        calls[Int(call)].target = -1
        calls[Int(call)].scope = .own
        calls[Int(call)].rule = .ownCall
    }

    /// Whether the tree, the roles and the identities are still true with the new version, so that its own branch
    /// alone needs to be judged again.
    private func keepsPlace(_ index: Int32, old: Node, former: CallRecord?) -> Bool {
        let new = nodes[Int(index)]
        let usage = NodeFlags.providerUsage
        guard cyclicCount == 0, old.parentID == new.parentID, old.isRoot == new.isRoot,
            old.marks.contains(.parentInvalid) == new.marks.contains(.parentInvalid),
            old.marks.contains(.aggregateByName) == new.marks.contains(.aggregateByName),
            old.role == new.role, old.call == new.call,
            !old.flags.contains(usage) || new.flags.contains(usage)
        else { return false }
        guard let former else { return true }
        let fields = calls[Int(new.call)].fields
        // Which calls of the same id it is one with goes by these.
        let isTheSame =
            old.start == new.start && old.end == new.end && former.fields.input == fields.input
            && former.fields.output == fields.output
            && old.marks.isDisjoint(with: [.synthesized, .startMissing])
            && new.marks.isDisjoint(with: [.synthesized, .startMissing])
        let hadNone = former.fields.responseID.isNone && former.fields.requestID.isNone
        guard isTheSame || hadNone || !hasNamesake(new.call) else { return false }
        return (former.fields.responseID.isNone || former.fields.responseID == fields.responseID)
            && (former.fields.requestID.isNone || former.fields.requestID == fields.requestID)
    }

    /// Tells the branch of a version that kept its place.
    private mutating func adjust(_ index: Int32, former: CallRecord?) {
        let node = nodes[Int(index)]
        if node.flags.contains(.providerUsage) { raiseUsage(from: node.parent) }
        guard let former else { return }
        if former.nearest >= 0 {
            let record = calls[Int(node.call)]
            calls[Int(former.nearest)].frontier.subtract(former, node.call)
            calls[Int(former.nearest)].frontier.add(record, node.call)
            markDirty(former.nearest)
        }
        if former.group >= 0 { markDirtyGroup(former.group) }
        joinGroups(node.call)
        unlistBeside(node.call)
        listBeside(node.call)
    }

    /// Builds everything derived once more from the winning versions.
    mutating func rebuild() {
        needsRebuild = false
        waiting.removeAll(keepingCapacity: true)
        identities.removeAll(keepingCapacity: true)
        sharedIdentities.removeAll(keepingCapacity: true)
        groups.removeAll(keepingCapacity: true)
        dirtyGroups.removeAll(keepingCapacity: true)
        beside = BesideCalls()
        extent = TraceExtent()
        missingParents = 0
        cyclicCount = 0
        for index in calls.indices {
            calls[index].nearest = -1
            calls[index].frontier = Frontier()
            calls[index].group = -1
            calls[index].bucket = -1
            calls[index].twin = -1
            calls[index].peer = Int32(index)
            if calls[index].flags.contains(.present) { markDirty(Int32(index)) }
        }
        for index in nodes.indices {
            nodes[index].parent = -1
            nodes[index].firstChild = -1
            nodes[index].nextSibling = -1
            nodes[index].anchor = Int32(index)
            nodes[index].marks.remove(.parentCyclic)
            nodes[index].flags.formIntersection(.providerUsage)
        }
        for index in nodes.indices { settleIn(Int32(index)) }
    }
}
