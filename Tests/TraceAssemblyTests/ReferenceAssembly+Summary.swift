// ReferenceAssembly+Summary.swift - the summary and the rows that the rules lead to.

import TraceAssembly
import TraceModel

extension ReferenceAssembly {
    /// The rows by span, as if all were new, with number 0.
    var rows: [SpanID: AssembledCall] {
        var rows: [SpanID: AssembledCall] = [:]
        for (id, judgement) in judged {
            guard let span = names(id), let call = span.call else { continue }
            let facts = span.facts
            var row = AssembledCall(number: 0, spanID: id, start: facts.start, end: facts.end, role: call.role)
            row.status = facts.status
            row.scope = judgement.scope
            row.rule = judgement.rule
            row.operation = call.operation
            row.provider = call.provider
            row.requestModel = call.requestModel
            row.responseModel = call.responseModel
            row.usage = call.usage
            row.costReported = call.costReported
            row.costComputed = call.costComputed
            row.errorType = call.errorType
            row.timeToFirstToken = call.timeToFirstToken
            row.isStreaming = call.isStreaming
            row.labels = call.labels
            row.isSynthesized = facts.marks.contains(.synthesized)
            row.responseID = call.responseID
            row.requestID = call.requestID
            row.session = span.session
            row.user = span.user
            row.service = span.service
            let usage = [call.usage.input, call.usage.output, call.costReported?.value]
            row.isCounted = row.scope == .own && (call.role.isProviderCall || usage.contains { $0 != nil })
            rows[id] = row
        }
        return rows
    }

    var summary: AssembledSummary {
        let all = ordered(spans.keys)
        let missing = spans.values.filter { span in
            let isNamed = !span.facts.parentID.isNone || span.facts.marks.contains(.parentInvalid)
            return isNamed && parent(span.facts.spanID) == nil
        }
        let roots = all.filter { spans[$0]?.facts.isRoot == true }
        let rootID = roots.first ?? all[0]
        let root = spans[rootID] ?? SpanVersionStub(0)
        let failures = spans.values.filter { $0.facts.status == .error }.count
        var marks = spans.values.reduce(into: SpanMarks()) { $0.formUnion($1.facts.marks) }
        if !cyclic.isEmpty { marks.insert(.parentCyclic) }
        marks.formUnion(callMarks)
        let starts = spans.values.filter { !$0.facts.marks.contains(.startMissing) }.map(\.facts.start)
        let ends = spans.values.map(\.facts.end)
        var summary = AssembledTrace().summary
        summary.start = starts.min() ?? ends.min() ?? 0
        summary.end = ends.max() ?? 0
        summary.spanCount = spans.count
        summary.errorCount = failures
        summary.isError = root.facts.status == .error || (root.facts.status == .unset && failures > 0)
        summary.marks = marks
        summary.root.spanID = rootID
        summary.root.fingerprint = root.facts.fingerprint
        summary.root.part = root.part
        summary.root.isProvisional = roots.isEmpty
        summary.missingParents = missing.count
        summary.isComplete = !roots.isEmpty && missing.isEmpty
        summary.service = root.service ?? all.lazy.compactMap { spans[$0]?.service }.first
        summary.session = root.session ?? all.lazy.compactMap { spans[$0]?.session }.first
        summary.user = root.user ?? all.lazy.compactMap { spans[$0]?.user }.first
        summary.llm = totals
        return summary
    }

    /// What is odd about the calls that count.
    private var callMarks: SpanMarks {
        var marks: SpanMarks = []
        for (id, judgement) in judged where judgement.scope == .own {
            guard let call = effectiveCall(id), let facts = spans[id]?.facts else { continue }
            guard call.role.isProviderCall || call.carriesUsage else { continue }
            let failed = call.errorType != nil || facts.status == .error
            if let reported = call.costReported?.value, let computed = call.costComputed?.value {
                if abs(reported - computed) * 100 > computed * 5 { marks.insert(.costDiffers) }
            } else if call.role == .llm, !call.carriesUsage, !failed, !facts.marks.contains(.pending) {
                marks.insert(.usageMissing)
            }
        }
        return marks
    }

    private var totals: LLMTotals? {
        let mentioned = spans.values.contains { $0.call.map { $0.role.isProviderCall || $0.carriesUsage } ?? false }
        guard mentioned else { return nil }
        let own = ordered(judged.filter { $0.value.scope == .own }.keys).compactMap { id in
            effectiveCall(id).map { (id: id, call: $0) }
        }
        let calls = own.filter { $0.call.role.isProviderCall || $0.call.carriesUsage }
        let isSide = { (call: LLMCall) in call.role == .embedding || call.role == .reranker }
        var result = LLMTotals()
        let generating = own.map(\.call).filter { !isSide($0) }
        result.input = sum(generating.map(\.usage.input))
        result.output = sum(generating.map(\.usage.output))
        result.cacheRead = sum(generating.map(\.usage.cacheRead))
        result.cacheWrite = sum(generating.map(\.usage.cacheWrite))
        result.reasoning = sum(generating.map(\.usage.reasoning))
        result.embeddingTokens = sum(own.map(\.call).filter(isSide).map(\.usage.input))
        result.cost = sum(own.map { $0.call.cost?.value }).map(PicoUSD.init)
        result.calls = calls.count
        result.callsWithCost =
            calls.filter { id, call in
                let failed = call.errorType != nil || spans[id]?.facts.status == .error
                return call.cost != nil || (failed && !call.usage.isKnown)
            }.count
        result.callErrors =
            calls.filter { $0.call.errorType != nil || spans[$0.id]?.facts.status == .error }.count
        result.timeToFirstToken = calls.lazy.compactMap(\.call.timeToFirstToken).first
        let models = calls.compactMap(\.call.model)
        result.models = models.enumerated().filter { models.firstIndex(of: $1) == $0 }.map(\.element)
        let weights = calls.map(\.call).filter { $0.model != nil }
        result.model =
            weights.enumerated().min { left, right in
                weight(left.element, left.offset, isSide) < weight(right.element, right.offset, isSide)
            }?.element.model
        return result
    }

    private func weight(_ call: LLMCall, _ place: Int, _ isSide: (LLMCall) -> Bool) -> (Int, Int64, Int64, Int) {
        let tokens = (call.usage.input ?? 0) + (call.usage.output ?? 0)
        return (isSide(call) ? 1 : 0, -(call.cost?.value ?? 0), -tokens, place)
    }

    private func sum(_ terms: [Int64?]) -> Int64? {
        let known = terms.compactMap { $0 }
        return known.isEmpty ? nil : known.reduce(0, +)
    }
}
