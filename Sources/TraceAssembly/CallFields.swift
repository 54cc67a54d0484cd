// CallFields.swift - the canonical fields of a call in compact form.

import TraceModel

/// A whole number that may be unknown, in eight bytes.
struct Known: Equatable {
    private var raw: Int64

    static let unknown = Known(nil)

    /// The least number stands for unknown; it is no count and no amount that occurs.
    init(_ value: Int64?) {
        raw = value ?? .min
    }

    var value: Int64? { raw == .min ? nil : raw }
    var isKnown: Bool { raw != .min }
    /// The number, 0 when unknown.
    var orZero: Int64 { raw == .min ? 0 : raw }

    /// Whether the two do not contradict each other.
    func agrees(with other: Known) -> Bool {
        raw == other.raw || !isKnown || !other.isKnown
    }

    mutating func fill(from other: Known) {
        if raw == .min { raw = other.raw }
    }
}

/// The canonical fields of a call: strings as symbols, 120 bytes.
struct CallFields: Equatable {
    var operation: Symbol
    var provider: Symbol
    var requestModel: Symbol
    var responseModel: Symbol
    var errorType: Symbol
    var session: Symbol
    var user: Symbol
    /// What `computed` was computed with.
    var price: Symbol
    var labels: Symbol
    /// Symbols of the table of ids, unlike the others.
    var responseID: Symbol
    var requestID: Symbol
    var isStreaming: Bool?
    var input: Known
    var output: Known
    var cacheRead: Known
    var cacheWrite: Known
    var reasoning: Known
    /// As reported.
    var cost: Known
    /// By the price table.
    var computed: Known
    var timeToFirstToken: Known

    /// The model that counts: the one that answered, else the one asked for.
    var model: Symbol { responseModel.isNone ? requestModel : responseModel }

    var hasTokens: Bool { input.isKnown || output.isKnown }
    var carriesUsage: Bool { hasTokens || cost.isKnown }
    /// The cost that counts: the reported one, else the computed one.
    var charged: Known { cost.isKnown ? cost : computed }

    /// Takes what is missing from another span of the same call.
    ///
    /// The other's error is the error of the call only if this span failed too.
    mutating func fill(from other: CallFields, failed: Bool) {
        operation.fill(from: other.operation)
        provider.fill(from: other.provider)
        requestModel.fill(from: other.requestModel)
        responseModel.fill(from: other.responseModel)
        if failed { errorType.fill(from: other.errorType) }
        session.fill(from: other.session)
        user.fill(from: other.user)
        labels.fill(from: other.labels)
        responseID.fill(from: other.responseID)
        requestID.fill(from: other.requestID)
        isStreaming = isStreaming ?? other.isStreaming
        // A repetition that knows of cached tokens knows the better price of the same input.
        let knowsCache =
            (!cacheRead.isKnown && other.cacheRead.orZero > 0) || (!cacheWrite.isKnown && other.cacheWrite.orZero > 0)
        if !computed.isKnown || (knowsCache && other.computed.isKnown && input.agrees(with: other.input)) {
            computed = other.computed
            price = other.price
        }
        input.fill(from: other.input)
        output.fill(from: other.output)
        cacheRead.fill(from: other.cacheRead)
        cacheWrite.fill(from: other.cacheWrite)
        reasoning.fill(from: other.reasoning)
        cost.fill(from: other.cost)
        timeToFirstToken.fill(from: other.timeToFirstToken)
    }
}

extension Symbol {
    mutating func fill(from other: Symbol) {
        if isNone { self = other }
    }
}
