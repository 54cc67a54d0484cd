// AssembledTrace+Count.swift - effective fields of the calls that count, and their way into the totals.

import TraceModel

extension AssembledTrace {
    /// The fields of a call with what its repetitions add to it.
    func effectiveFields(of record: CallRecord) -> CallFields {
        record.flags.contains(.merged) ? mergedFields[Int(record.mergedSlot)] : record.fields
    }

    mutating func recountAffectedCalls() {
        for call in affectedCalls {
            calls[Int(call)].flags.remove(.affected)
            recount(call)
        }
        affectedCalls.removeAll()
    }

    private mutating func recount(_ call: Int32) {
        let record = calls[Int(call)]
        let isOwn = record.scope == .own && record.flags.contains(.present)
        let merged = isOwn ? merge(into: call) : nil
        let isMerged = record.flags.contains(.merged)
        if let merged {
            if !isMerged || mergedFields[Int(record.mergedSlot)] != merged {
                uncount(call)
                keep(merged, for: call)
                noteChange(call)
            }
        } else if isMerged {
            uncount(call)
            calls[Int(call)].flags.remove(.merged)
            noteChange(call)
        }
        if isOwn { count(call) }
    }

    private mutating func keep(_ fields: CallFields, for call: Int32) {
        if calls[Int(call)].mergedSlot < 0 {
            calls[Int(call)].mergedSlot = Int32(mergedFields.count)
            mergedFields.append(fields)
        } else {
            mergedFields[Int(calls[Int(call)].mergedSlot)] = fields
        }
        calls[Int(call)].flags.insert(.merged)
    }

    /// What a call that counts becomes with its repetitions, nearest first; nil when they add nothing.
    private func merge(into call: Int32) -> CallFields? {
        guard hasRepetition(call) else { return nil }
        let original = calls[Int(call)].fields
        let failed = calls[Int(call)].flags.contains(.failed)
        var fields = original
        var queue: ContiguousArray<(call: Int32, hops: Int)> = [(call, 0)]
        var next = 0
        while next < queue.count, queue.count <= IdentityGroup.walkLimit {
            let (source, hops) = queue[next]
            next += 1
            guard hops < Self.maxHops else { continue }
            for repetition in repetitions(of: source) {
                fields.fill(from: calls[Int(repetition)].fields, failed: failed)
                queue.append((repetition, hops + 1))
            }
        }
        return fields == original ? nil : fields
    }

    private func hasRepetition(_ call: Int32) -> Bool {
        let record = calls[Int(call)]
        return record.group >= 0 || record.twin >= 0
            || (record.nearest >= 0 && calls[Int(record.nearest)].target == call)
    }

    /// The calls that point at this one: the innermost of those with its id first, then the LLM span around it, then those
    /// of other instrumentations.
    func repetitions(of call: Int32) -> ContiguousArray<Int32> {
        var found = ContiguousArray<Int32>()
        let record = calls[Int(call)]
        if record.group >= 0, groups[Int(record.group)].winner == call, !groups[Int(record.group)].isLarge {
            found = members(of: record.group)
            found.removeAll { calls[Int($0)].target != call || calls[Int($0)].rule != .duplicateByID }
            found.sort { isInner($0, $1) }
        }
        if record.nearest >= 0 {
            let outer = calls[Int(record.nearest)]
            if outer.target == call, outer.rule == .duplicateByShape { found.append(record.nearest) }
        }
        var twin = record.rule == .duplicateByScope ? -1 : record.twin
        while twin >= 0 {
            found.append(twin)
            twin = calls[Int(twin)].twin
        }
        return found
    }

    private mutating func count(_ call: Int32) {
        let record = calls[Int(call)]
        guard !record.flags.contains(.counted) else { return }
        calls[Int(call)].flags.insert(.counted)
        let fields = effectiveFields(of: record)
        totals.add(record, fields)
        guard record.isCall(fields) else { return }
        calls[Int(call)].ownPlace = Int32(ownCalls.count)
        ownCalls.append(call)
        if !highlights.isStale { highlight(call, fields) }
    }

    /// Takes a call out of the totals, if it is in; with the fields it has now.
    mutating func uncount(_ call: Int32) {
        let record = calls[Int(call)]
        guard record.flags.contains(.counted) else { return }
        calls[Int(call)].flags.remove(.counted)
        totals.subtract(record, effectiveFields(of: record))
        guard record.ownPlace >= 0 else { return }
        if highlights.contains(call) { highlights.isStale = true }
        let last = ownCalls.removeLast()
        if last != call {
            ownCalls[Int(record.ownPlace)] = last
            calls[Int(last)].ownPlace = record.ownPlace
        }
        calls[Int(call)].ownPlace = -1
    }
}
