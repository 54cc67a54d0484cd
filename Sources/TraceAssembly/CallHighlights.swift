// CallHighlights.swift - the calls that a summary names.

import TraceModel

/// The first own call of a model.
struct ModelFirst {
    var model: Symbol
    var call: Int32
}

/// The calls that a summary names. Found again from all own calls when one of them ceases to count.
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
        noteModel(fields.model, of: call)
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
        guard leftFields.cost.orZero == rightFields.cost.orZero else {
            return leftFields.cost.orZero > rightFields.cost.orZero
        }
        let leftTokens = leftFields.tokenCount
        let rightTokens = rightFields.tokenCount
        return leftTokens != rightTokens ? leftTokens > rightTokens : startsBefore(left, right)
    }

    private mutating func noteModel(_ model: Symbol, of call: Int32) {
        if let place = highlights.models.firstIndex(where: { $0.model == model }) {
            guard startsBefore(call, highlights.models[place].call) else { return }
            highlights.models.remove(at: place)
        } else if highlights.models.count == CallHighlights.modelLimit {
            guard let last = highlights.models.last, startsBefore(call, last.call) else { return }
            highlights.models.removeLast()
        }
        var place = highlights.models.count
        while place > 0, startsBefore(call, highlights.models[place - 1].call) { place -= 1 }
        highlights.models.insert(ModelFirst(model: model, call: call), at: place)
    }
}

extension CallFields {
    /// Input and output together, at the limit of the range when beyond.
    fileprivate var tokenCount: Int64 {
        let (sum, overflow) = input.orZero.addingReportingOverflow(output.orZero)
        return overflow ? (input.orZero < 0 ? .min : .max) : sum
    }
}
