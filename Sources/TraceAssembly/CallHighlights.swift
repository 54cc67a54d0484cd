// CallHighlights.swift - the calls that a summary names.

import TraceModel

/// The first own call of a model.
struct ModelFirst {
    var model: Symbol
    var call: Int32
    var order: StartOrder
}

/// The calls that a summary names.
///
/// Found again from all own calls when one of them ceases to count.
struct CallHighlights {
    var main: Int32 = -1
    var firstToken: Int32 = -1
    /// Ordered by first use; at most `modelLimit`.
    var models = ContiguousArray<ModelFirst>()
    var isStale = false

    /// Most distinct models that are listed.
    static let modelLimit = 64

    func contains(_ call: Int32) -> Bool {
        main == call || firstToken == call || models.contains { $0.call == call }
    }

    /// Notes that a call used a model.
    mutating func note(_ use: ModelFirst) {
        var known = 0
        while known < models.count, models[known].model != use.model { known += 1 }
        if known < models.count {
            guard use.order < models[known].order else { return }
            models.remove(at: known)
        } else if known == Self.modelLimit {
            guard use.order < models[known - 1].order else { return }
            models.removeLast()
        }
        var place = models.count
        while place > 0, use.order < models[place - 1].order { place -= 1 }
        if place == models.count {
            models.append(use)
        } else {
            models.insert(use, at: place)
        }
    }
}

extension AssembledTrace {
    mutating func rescanHighlights() {
        highlights.main = -1
        highlights.firstToken = -1
        highlights.models.removeAll(keepingCapacity: true)
        highlights.isStale = false
        for call in ownCalls { highlight(call, effectiveFields(of: calls[Int(call)])) }
    }

    /// Notes a call that counts from now on.
    mutating func highlight(_ call: Int32, _ fields: CallFields) {
        if fields.timeToFirstToken.isKnown,
            highlights.firstToken < 0 || startsBefore(call, highlights.firstToken)
        {
            highlights.firstToken = call
        }
        guard !fields.model.isNone else { return }
        if highlights.main < 0 || outweighs(call, highlights.main) { highlights.main = call }
        let order = nodes[Int(calls[Int(call)].node)].order
        highlights.note(ModelFirst(model: fields.model, call: call, order: order))
    }

    /// Whether a call is the main one rather than another: generation before embedding, the higher cost, more tokens,
    /// the earlier start.
    private func outweighs(_ left: Int32, _ right: Int32) -> Bool {
        let leftRecord = calls[Int(left)]
        let rightRecord = calls[Int(right)]
        let leftSide = leftRecord.role == .embedding || leftRecord.role == .reranker
        let rightSide = rightRecord.role == .embedding || rightRecord.role == .reranker
        guard leftSide == rightSide else { return rightSide }
        let leftFields = effectiveFields(of: leftRecord)
        let rightFields = effectiveFields(of: rightRecord)
        guard leftFields.charged.orZero == rightFields.charged.orZero else {
            return leftFields.charged.orZero > rightFields.charged.orZero
        }
        let leftTokens = leftFields.tokenCount
        let rightTokens = rightFields.tokenCount
        return leftTokens != rightTokens ? leftTokens > rightTokens : startsBefore(left, right)
    }
}

extension CallFields {
    /// Input and output together, at the limit of the range when beyond.
    fileprivate var tokenCount: Int64 {
        let (sum, overflow) = input.orZero.addingReportingOverflow(output.orZero)
        return overflow ? (input.orZero < 0 ? .min : .max) : sum
    }
}
