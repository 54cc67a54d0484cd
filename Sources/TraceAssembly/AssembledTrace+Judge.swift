// AssembledTrace+Judge.swift - how each call counts (attribute dictionary, section 8).

import TraceModel

/// How a call counts, and which call it repeats.
private struct Judgement {
    var scope: UsageScope
    var rule: UsageRule
    var target: Int32 = -1

    static let own = Judgement(scope: .own, rule: .ownCall)
}

extension AssembledTrace {
    /// Most repetitions that a call may be away from the one that counts and still add its fields to it.
    static var maxHops: Int { 8 }

    /// Judges what waits, then finds the calls whose effective fields may differ now.
    mutating func judgeDirtyCalls() {
        for call in dirtyCalls where calls[Int(call)].flags.contains(.present) {
            let judgement = judge(call)
            let bucket = calls[Int(call)].bucket
            calls[Int(call)].formerTarget = calls[Int(call)].target
            if bucket >= 0 {
                touchBeside(bucket)
                // Whether it still repeats the call of another instrumentation is found below.
                if judgement.scope == .own, calls[Int(call)].rule == .duplicateByScope { continue }
            }
            if judgement.scope != .own { calls[Int(call)].twin = -1 }
            calls[Int(call)].target = judgement.target
            guard calls[Int(call)].scope != judgement.scope || calls[Int(call)].rule != judgement.rule else { continue }
            uncount(call)
            calls[Int(call)].scope = judgement.scope
            calls[Int(call)].rule = judgement.rule
            noteChange(call)
        }
        if !beside.dirty.isEmpty { judgeBeside() }
        for call in dirtyCalls {
            calls[Int(call)].flags.remove(.dirty)
            markAffected(call)
            affectEnd(from: call)
            let former = calls[Int(call)].formerTarget
            calls[Int(call)].formerTarget = -1
            if former >= 0, former != calls[Int(call)].target { affectEnd(from: former) }
        }
        dirtyCalls.removeAll()
    }

    private mutating func affectEnd(from call: Int32) {
        var end = call
        for _ in 0..<Self.maxHops where calls[Int(end)].target >= 0 { end = calls[Int(end)].target }
        if calls[Int(end)].target < 0 { markAffected(end) }
    }

    private func judge(_ call: Int32) -> Judgement {
        let record = calls[Int(call)]
        let flags = nodes[Int(record.node)].flags
        let marks = nodes[Int(record.node)].marks
        if flags.contains(.usageBelow) {
            if marks.contains(.aggregateByName) { return Judgement(scope: .aggregate, rule: .aggregateByName) }
            if !record.role.isProviderCall, record.fields.carriesUsage {
                return Judgement(scope: .aggregate, rule: .aggregateByKind)
            }
        }
        var mayBeSum = record.role.isProviderCall
        if record.group >= 0 {
            let group = groups[Int(record.group)]
            if group.winner >= 0, group.winner != call {
                let target = group.isLarge ? -1 : group.winner
                return Judgement(scope: .duplicate, rule: .duplicateByID, target: target)
            }
            mayBeSum = mayBeSum && group.isChain
        }
        guard mayBeSum, record.frontier.count > 0 else { return .own }
        if record.frontier.count == 1, repeats(record, record.frontier.indexes) {
            return Judgement(scope: .duplicate, rule: .duplicateByShape, target: record.frontier.indexes)
        }
        // Failed attempts before the one that this span shows used nothing.
        if record.frontier.count > 1, record.frontier.live == 1, repeats(record, record.frontier.liveIndexes) {
            return Judgement(scope: .duplicate, rule: .duplicateByShape, target: record.frontier.liveIndexes)
        }
        return isSum(record) ? Judgement(scope: .aggregate, rule: .aggregateBySum) : .own
    }

    /// Whether a span shows the same call as the only one of its role below it, failed attempts left out.
    private func repeats(_ outer: CallRecord, _ call: Int32) -> Bool {
        let inner = calls[Int(call)]
        let outerNode = nodes[Int(outer.node)]
        let innerNode = nodes[Int(inner.node)]
        let tolerance: Int64 = 5_000_000
        guard innerNode.start >= outerNode.start - tolerance,
            innerNode.end - tolerance <= outerNode.end || isStart(outer, outerNode, of: inner, innerNode),
            outer.fields.input.agrees(with: inner.fields.input),
            outer.fields.output.agrees(with: inner.fields.output) || differsByReasoning(outer.fields, inner.fields)
        else { return false }
        guard outer.fields.model != inner.fields.model,
            let outerModel = symbols[outer.fields.model], let innerModel = symbols[inner.fields.model]
        else { return true }
        // Another model may have taken over from one that failed: the tokens tell.
        let tookOver =
            outer.frontier.count > 1 && outer.fields.input.isKnown && outer.fields.output.isKnown
            && outer.fields.input == inner.fields.input && outer.fields.output == inner.fields.output
        return tookOver || ModelFamily.isSame(outerModel, innerModel)
    }

    /// Whether a span leaves the reasoning of the call below it out of its output, or adds it to an output that has it
    /// (Agno over Gemini, Google ADK over LiteLLM).
    private func differsByReasoning(_ outer: CallFields, _ inner: CallFields) -> Bool {
        guard outer.input.isKnown, outer.input == inner.input, outer.output.isKnown, inner.output.isKnown else {
            return false
        }
        // Counts are never negative.
        return inner.reasoning.orZero > 0 && abs(outer.output.orZero - inner.output.orZero) == inner.reasoning.orZero
    }

    /// Whether a span ended when the stream that it asked for had begun: it knows of no usage, and began with the other.
    private func isStart(_ outer: CallRecord, _ outerNode: Node, of inner: CallRecord, _ innerNode: Node) -> Bool {
        guard !outer.fields.carriesUsage, !outer.flags.contains(.failed) || inner.flags.contains(.failed) else {
            return false
        }
        return innerNode.start <= outerNode.end && innerNode.start - outerNode.start <= outerNode.end - innerNode.start
    }

    /// Whether the tokens of a call are the sum of those of the calls of its role below it.
    private func isSum(_ outer: CallRecord) -> Bool {
        guard outer.frontier.withTokens >= 2, outer.fields.input.orZero != 0 || outer.fields.output.orZero != 0 else {
            return false
        }
        return (!outer.fields.input.isKnown || outer.fields.input.orZero == outer.frontier.input)
            && (!outer.fields.output.isKnown || outer.fields.output.orZero == outer.frontier.output)
    }
}
