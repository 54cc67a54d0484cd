// AssembledTrace+Tree.swift - links between spans, whatever the order in which they arrive.

import TraceModel

extension AssembledTrace {
    /// Links a new node to its parent, if that is there, and to the orphans that wait for it.
    ///
    /// Only nodes with smaller indexes are looked at, so that a rebuild can attach all of them once more.
    mutating func attach(_ index: Int32) {
        let id = nodes[Int(index)].id
        let wanted = nodes[Int(index)].parentID
        let named = !nodes[Int(index)].isRoot
        if named, wanted == id {
            missingParents += 1
            markCyclic(index)
        }
        let orphans = takeOrphans(of: id, before: index)
        let parent = nodes[Int(index)].waitsForParent ? attached(wanted, before: index) : -1
        guard parent >= 0 else {
            if nodes[Int(index)].waitsForParent {
                missingParents += 1
                if nodeIndex.isBuilt { wait(index) }
            } else if named, wanted != id {
                missingParents += 1
            }
            adopt(orphans, by: index)
            return
        }
        let top = orphans >= 0 ? top(of: parent) : -1
        if top >= 0, nodes[Int(top)].parentID == id, nodes[Int(top)].waitsForParent {
            return closeCycle(from: index, to: parent, top: top, orphans: orphans)
        }
        link(index, to: parent)
        deriveLink(index)
        adopt(orphans, by: index)
    }

    /// Makes `child` a child, without anything that follows from it.
    mutating func link(_ child: Int32, to parent: Int32) {
        nodes[Int(child)].parent = parent
        nodes[Int(child)].anchor = parent
        nodes[Int(child)].nextSibling = nodes[Int(parent)].firstChild
        nodes[Int(parent)].firstChild = child
        if beside.isMixed { touchBeside(below: child) }
    }

    /// Links a chain of orphans to the node they waited for.
    mutating func adopt(_ orphans: Int32, by parent: Int32) {
        guard orphans >= 0 else { return }
        linkAll(orphans, to: parent)
        deriveAdoption(by: parent)
    }

    /// Links a chain of orphans, without anything that follows from it.
    mutating func linkAll(_ orphans: Int32, to parent: Int32) {
        var orphan = orphans
        while orphan >= 0 {
            let next = nodes[Int(orphan)].nextSibling
            link(orphan, to: parent)
            missingParents -= 1
            orphan = next
        }
    }

    /// Puts an orphan into the chain of those that wait for the same parent.
    mutating func wait(_ orphan: Int32) {
        let head = waiting.updateValue(orphan, forKey: nodes[Int(orphan)].parentID)
        nodes[Int(orphan)].nextSibling = head ?? -1
    }

    /// The top of the tree that a node is in; of a tree whose cycle was cut, one of its nodes that has a parent.
    mutating func top(of index: Int32) -> Int32 {
        var node = index
        while true {
            let anchor = nodes[Int(node)].anchor
            guard anchor != node else { return node }
            let next = nodes[Int(anchor)].anchor
            nodes[Int(node)].anchor = next
            node = next
        }
    }

    func attached(_ span: SpanID, before limit: Int32) -> Int32 {
        if nodeIndex.isBuilt {
            let found = nodeIndex.find(span, in: nodes)
            return found < limit ? found : -1
        }
        for index in 0..<Int(limit) where nodes[index].id == span { return Int32(index) }
        return -1
    }

    /// The chain of orphans that wait for a span; they wait no longer.
    private mutating func takeOrphans(of id: SpanID, before limit: Int32) -> Int32 {
        if nodeIndex.isBuilt {
            return waiting.isEmpty ? -1 : waiting.removeValue(forKey: id) ?? -1
        }
        var head: Int32 = -1
        for index in 0..<Int(limit) where nodes[index].parentID == id && nodes[index].waitsForParent {
            nodes[index].nextSibling = head
            head = Int32(index)
        }
        return head
    }

    mutating func markCyclic(_ index: Int32) {
        nodes[Int(index)].marks.insert(.parentCyclic)
        extent.count(.parentCyclic, by: 1)
        cyclicCount += 1
    }
}
