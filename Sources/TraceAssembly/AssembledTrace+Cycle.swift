// AssembledTrace+Cycle.swift - parents that close a cycle.

import TraceModel

extension AssembledTrace {
    /// Breaks the cycle that `start` closes, at its member that starts first.
    ///
    /// `start` names `parent`, which lies below `top`, which waits for `start`. A tree closes a cycle at most once,
    /// since its cut end never gets a parent: walking it is paid for by its spans.
    mutating func closeCycle(from start: Int32, to parent: Int32, top: Int32, orphans: Int32) {
        let cut = earliestMember(start: start, parent: parent, top: top)
        if cut == start {
            missingParents += 1
            markCyclic(start)
            adopt(orphans, by: start)
        } else if cut == top {
            markCyclic(top)
            link(start, to: parent)
            deriveLink(start)
            adopt(without(top, in: orphans), by: start)
        } else {
            missingParents += 1
            markCyclic(cut)
            unlink(cut)
            link(start, to: parent)
            linkAll(orphans, to: start)
            nodes[Int(start)].anchor = start
            deriveAgain(subtree(of: cut))
        }
    }

    private func earliestMember(start: Int32, parent: Int32, top: Int32) -> Int32 {
        var earliest = start
        var index = parent
        while index >= 0 {
            if nodes[Int(index)].startsBefore(nodes[Int(earliest)]) { earliest = index }
            index = index == top ? -1 : nodes[Int(index)].parent
        }
        return earliest
    }

    /// The chain of orphans without one of them.
    private mutating func without(_ member: Int32, in orphans: Int32) -> Int32 {
        let rest = nodes[Int(member)].nextSibling
        nodes[Int(member)].nextSibling = -1
        guard orphans != member else { return rest }
        var index = orphans
        while nodes[Int(index)].nextSibling != member { index = nodes[Int(index)].nextSibling }
        nodes[Int(index)].nextSibling = rest
        return orphans
    }

    private mutating func unlink(_ child: Int32) {
        if beside.isMixed { touchBeside(below: child) }
        let parent = nodes[Int(child)].parent
        let rest = nodes[Int(child)].nextSibling
        nodes[Int(child)].parent = -1
        nodes[Int(child)].nextSibling = -1
        guard nodes[Int(parent)].firstChild != child else {
            nodes[Int(parent)].firstChild = rest
            return
        }
        var index = nodes[Int(parent)].firstChild
        while nodes[Int(index)].nextSibling != child { index = nodes[Int(index)].nextSibling }
        nodes[Int(index)].nextSibling = rest
    }

    /// A node and all its descendants, parents first.
    private func subtree(of index: Int32) -> ContiguousArray<Int32> {
        var found: ContiguousArray<Int32> = [index]
        var next = 0
        while next < found.count {
            var child = nodes[Int(found[next])].firstChild
            while child >= 0 {
                found.append(child)
                child = nodes[Int(child)].nextSibling
            }
            next += 1
        }
        return found
    }

    /// Forgets what followed from the links of a tree, and derives it again from the tree as it is now.
    ///
    /// - Parameter tree: All nodes of the tree, parents first.
    private mutating func deriveAgain(_ tree: ContiguousArray<Int32>) {
        for index in tree {
            nodes[Int(index)].flags.subtract([.usageBelow, .peersBelow])
            let call = nodes[Int(index)].call
            guard call >= 0 else { continue }
            calls[Int(call)].nearest = -1
            calls[Int(call)].frontier = Frontier()
            markDirty(call)
            if calls[Int(call)].group >= 0 { markDirtyGroup(calls[Int(call)].group) }
        }
        for index in tree where nodes[Int(index)].parent >= 0 { deriveLink(index) }
    }
}
