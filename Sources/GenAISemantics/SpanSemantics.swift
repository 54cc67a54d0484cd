// SpanSemantics.swift - from the attributes of one span to its role and its LLM call.

public import COTLP
import TraceModel

/// Reads LLM facts from decoded spans, one after the other.
///
/// Looks at one span only: what needs its trace, such as counting each call once, is decided later.
/// Keeps its memory between spans. Not `Sendable`: one value serves one thread at a time.
public struct SpanSemantics {
    private var slots = AttributeSlots(.standard)

    /// Makes a reader that knows every dialect.
    public init() {}

    /// Reads one span. Never fails: what is invalid counts as absent.
    ///
    /// - Parameter span: A decoded span; nothing of it is kept.
    public mutating func read(_ span: UnsafePointer<Opentelemetry__Proto__Trace__V1__Span>) -> SpanReading {
        slots.fill(span.pointee.attributes, count: span.pointee.n_attributes)
        guard !slots.isEmpty else { return SpanReading(marks: slots.marks) }
        let own = slots.usage
        let usage = own.isKnown ? own : slots.summedUsage
        let role = slots.statedRole ?? impliedRole(own: own, usage: usage)
        let cost = slots.cost(role: role)
        let isCall = role.isProviderCall || usage.isKnown || cost != nil
        return SpanReading(
            role: role,
            marks: slots.marks,
            call: isCall ? call(span, role: role, usage: usage.isKnown ? usage : own, cost: cost) : nil,
            session: slots.identity(.session),
            user: slots.identity(.user)
        )
    }

    /// Reads a resource.
    ///
    /// - Parameter resource: A decoded resource, or nil for a message without one.
    public static func readResource(
        _ resource: UnsafePointer<Opentelemetry__Proto__Resource__V1__Resource>?
    ) -> ResourceReading {
        var reading = ResourceReading()
        guard let resource else { return reading }
        var slots = AttributeSlots(.standard)
        slots.fill(resource.pointee.attributes, count: resource.pointee.n_attributes)
        reading.service = slots.text(.service)
        reading.session = slots.identity(.session)
        reading.user = slots.identity(.user)
        return reading
    }

    /// The role of a span that states none: usage or a model make it a call, a sum alone the run of an agent.
    private func impliedRole(own: TokenUsage, usage: TokenUsage) -> SpanRole {
        if own.isKnown { return .llm }
        if usage.isKnown { return .agent }
        let namesModel = slots.text(.requestModel) != nil || slots.text(.responseModel) != nil
        return namesModel ? .llm : .other
    }

    private func call(
        _ span: UnsafePointer<DecodedSpan>,
        role: SpanRole,
        usage: TokenUsage,
        cost: PicoUSD?
    ) -> LLMCall {
        var call = LLMCall(role: role)
        call.operation = slots.text(.operation)
        call.provider = slots.provider(role: role)
        call.requestModel = slots.text(.requestModel)
        call.responseModel = slots.text(.responseModel)
        call.usage = usage
        call.costReported = cost
        call.responseID = slots.text(.responseID)
        call.requestID = slots.text(.requestID)
        call.finishReasons = slots.finishReasons
        call.timeToFirstToken = slots.nanoseconds(.timeToFirstToken) ?? span.timeToFirstTokenEvent
        call.isStreaming = slots.truth(.streaming)
        call.errorType = errorType(span)
        return call
    }

    /// The class of the error, in the order of section 5 of the attribute dictionary.
    private func errorType(_ span: UnsafePointer<DecodedSpan>) -> String? {
        if let stated = slots.text(.errorType) ?? span.lastExceptionType ?? span.errorMessage { return stated }
        guard let status = slots.count(.httpStatus), status >= 400 else { return nil }
        return String(status)
    }
}
