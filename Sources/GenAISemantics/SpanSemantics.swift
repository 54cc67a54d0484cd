// SpanSemantics.swift - from the attributes of one span to its role and its LLM call.

public import COTLP
public import TraceModel

/// Reads LLM facts from decoded spans, one after the other.
///
/// Looks at one span only: what needs its trace, such as counting each call once, is decided later.
/// Keeps its memory between spans. Not `Sendable`: one value serves one thread at a time.
public struct SpanSemantics {
    /// The attributes of the span that was read last.
    private(set) var slots: AttributeSlots
    private var names = RecentTexts()
    /// Of the span that is read.
    private var objects = ObjectFields()
    /// Of the instrumentation that made the spans which are read next.
    public var habits: ScopeHabits = []

    /// Makes a reader that knows every dialect, and what the user adds.
    public init(_ conventions: AttributeConventions = .standard) {
        slots = AttributeSlots(conventions.index)
    }

    /// Reads one span.
    ///
    /// Never fails: what is invalid counts as absent.
    ///
    /// - Parameter span: A decoded span; nothing of it is kept.
    /// - Returns: What the span says; it owns its strings.
    public mutating func read(_ span: UnsafePointer<Opentelemetry__Proto__Trace__V1__Span>) -> SpanReading {
        var calls: [LLMCall] = []
        let notes = read(span, appendingTo: &calls)
        return SpanReading(
            role: notes.role,
            marks: notes.marks,
            call: calls.first,
            session: notes.session,
            user: notes.user
        )
    }

    /// Reads one span and puts its call, if it has one, at the end of a list.
    ///
    /// A call owns up to eight strings: it is filled where it stays, since moving it would count each of them.
    ///
    /// - Parameters:
    ///   - span: A decoded span; nothing of it is kept.
    ///   - calls: Gets one more element when the notes say so.
    /// - Returns: What the span says beside the call.
    public mutating func read(
        _ span: UnsafePointer<Opentelemetry__Proto__Trace__V1__Span>,
        appendingTo calls: inout [LLMCall]
    ) -> SpanNotes {
        slots.fill(span.pointee.attributes, count: span.pointee.n_attributes)
        var notes = SpanNotes()
        notes.marks = slots.marks
        guard !slots.isEmpty else { return notes }
        notes.session = slots.identity(.session)
        notes.user = slots.identity(.user)
        var stated = slots.statedRole ?? slots.role(ofName: span.pointee.name.bytes)
        if stated?.isProviderCall ?? slots.mayBeCall, slots.preparesCall(span.pointee.name.bytes) {
            notes.role = .chain
            return notes
        }
        if slots.isRequestOfStream(span, role: stated) { stated = .chain }
        if habits.contains(.namesModelOfCalls), stated?.isProviderCall == true, !namesModel { stated = .chain }
        // Google ADK's span of an agent, into which OpenInference writes each of its calls.
        if stated == .llm, span.pointee.name.bytes.starts(with: "invoke_agent ".utf8) { stated = .agent }
        objects = ObjectFields()
        if slots.mayHave(.json) {
            objects = ObjectFields(slots.objects(isCall: stated?.isProviderCall ?? namesModel))
        }
        let named = slots.usage(role: stated)
        var counts = objects.first.usage ?? named.known ?? objects.last.usage ?? named ?? StatedUsage()
        if !objects.last.counts.isEmpty { objects.last.complete(&counts) }
        if habits.contains(.leavesCachedOut), objects.first.usage == nil, named?.isKnown == true, slots.isOfCachedApart
        {
            counts.isCachedApart = true
        }
        let asSent = counts
        if counts.hasUnstated, stated?.isProviderCall ?? true, isThinkingGeminis { counts.takeInThoughts() }
        let own = counts.inclusive
        let usage = own.isKnown ? own : slots.summedUsage
        notes.role = stated ?? impliedRole(own: own, usage: usage)
        if notes.role == .llm, own.input != nil, own.output ?? 0 == 0, let kind = kindOfModel { notes.role = kind }
        if notes.role.isProviderCall { notes.marks.formUnion(asSent.contradictions) }
        let isFromCache = slots.truth(.cacheHit) == true
        let cost = isFromCache ? PicoUSD(0) : cost(role: notes.role)
        // A sum of nothing says nothing.
        let isSum = usage.input ?? 0 > 0 || usage.output ?? 0 > 0
        guard notes.role.isProviderCall || isSum || cost != nil else { return notes }
        notes.hasCall = true
        let place = calls.count
        calls.append(LLMCall(role: notes.role))
        calls[place].usage = usage.isKnown ? usage : own
        calls[place].costReported = cost
        calls[place].isFromGatewayCache = isFromCache
        fill(&calls[place], span)
        return notes
    }

    /// Takes in the attributes of a span and makes nothing of them.
    mutating func look(at span: UnsafePointer<DecodedSpan>) {
        slots.fill(span.pointee.attributes, count: span.pointee.n_attributes)
    }

    /// Reads a resource.
    ///
    /// - Parameters:
    ///   - resource: A decoded resource, or nil for a message without one.
    ///   - conventions: Which attributes mean what.
    /// - Returns: What the resource says; it owns its strings.
    public static func readResource(
        _ resource: UnsafePointer<Opentelemetry__Proto__Resource__V1__Resource>?,
        _ conventions: AttributeConventions = .standard
    ) -> ResourceReading {
        var reading = ResourceReading()
        guard let resource else { return reading }
        var slots = AttributeSlots(conventions.index)
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
        return namesModel ? .llm : .other
    }

    /// Whether a Gemini model that thinks answered, 2.5 or later, whoever served it.
    private var isThinkingGeminis: Bool {
        let model = slots.text(.responseModel) ?? slots.text(.requestModel) ?? objects.last.text(.requestModel)
        guard let model, let name = model.lowercased().split(separator: "/").last, name.hasPrefix("gemini-") else {
            return false
        }
        let version = name.dropFirst("gemini-".count).prefix { $0.isNumber || $0 == "." }
        return Double(version).map { $0 >= 2.5 } ?? false
    }

    private var namesModel: Bool {
        !habits.contains(.namesOperationOfCalls) && (slots.hasText(.requestModel) || slots.hasText(.responseModel))
    }

    private func cost(role: SpanRole) -> PicoUSD? {
        let cost = objects.first.cost ?? slots.cost(role: role) ?? objects.last.cost
        return cost == PicoUSD(0) && habits.contains(.zeroCostIsUnknown) ? nil : cost
    }

    /// What a model does whose name says that it does not answer, where the span does not say that it chats: some
    /// instrumentations call all that they see a completion.
    private var kindOfModel: SpanRole? {
        guard let model = slots.text(.responseModel) ?? slots.text(.requestModel) else { return nil }
        if let operation = slots.text(.operation), ["chat", "generate_content"].contains(operation) { return nil }
        let name = model.lowercased()
        func names(_ word: String) -> Bool {
            guard let found = name.firstRange(of: word) else { return false }
            return found.lowerBound == name.startIndex
                || "-./_".contains(name[name.index(before: found.lowerBound)])
        }
        if names("rerank") { return .reranker }
        return names("embed") ? .embedding : nil
    }

    /// Fills what is neither role, usage nor cost.
    private mutating func fill(_ call: inout LLMCall, _ span: UnsafePointer<DecodedSpan>) {
        call.operation = slots.text(.operation)
        call.requestModel = slots.text(.requestModel, using: &names) ?? objects.last.text(.requestModel)
        call.responseModel = slots.text(.responseModel, using: &names) ?? objects.last.text(.responseModel)
        call.provider = slots.provider(role: call.role)
        if call.provider == nil, call.role.isProviderCall {
            call.serverAddress = slots.text(.serverAddress, using: &names)
            call.provider = call.model.flatMap(ProviderNames.provider(ofModel:))
        }
        call.serviceTier = slots.text(.serviceTier, using: &names) ?? objects.last.text(.serviceTier)
        call.responseID =
            slots.text(.responseID).flatMap { AnswerID.isTime($0) ? nil : $0 }
            ?? objects.last.text(.responseID)
        call.requestID = slots.text(.requestID)
        call.finishReasons = slots.finishReasons
        call.labels = slots.labels
        call.timeToFirstToken = slots.nanoseconds(.timeToFirstToken) ?? span.timeToFirstTokenEvent
        call.isStreaming = slots.truth(.streaming)
        call.errorType = errorType(span)
    }

    /// The class of the error, in the order of section 5 of the attribute dictionary.
    private func errorType(_ span: UnsafePointer<DecodedSpan>) -> String? {
        if let stated = slots.text(.errorType) ?? span.lastExceptionType ?? span.errorMessage { return stated }
        guard let status = slots.count(.httpStatus), status >= 400 else { return nil }
        return String(status)
    }
}
