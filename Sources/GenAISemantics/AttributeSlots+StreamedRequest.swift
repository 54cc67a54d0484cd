// AttributeSlots+StreamedRequest.swift - which of the two spans that Logfire makes of a streamed call is the call.

import COTLP
import TraceModel

extension AttributeSlots {
    /// What only an answer brings.
    private static let answerFields =
        CanonicalField.responseBody.bit | CanonicalField.responseID.bit | CanonicalField.finishReasons.bit
        | CanonicalField.inputTokens.bit | CanonicalField.outputTokens.bit | CanonicalField.cost.bit

    /// Whether a span shows no more than the request of a stream, whose answer is another span.
    ///
    /// Logfire's instrumentation of OpenAI and Anthropic (attribute dictionary, section 4.5) ends the span of a
    /// streamed request before the first chunk, and emits a span of type `log` and of no length when the stream was
    /// read, closed or failed, with the same `request_data`, the answer and the usage. That one is the call, also
    /// without usage: then the call misses it. The request is a step before it, unless it failed: then nothing else
    /// comes.
    ///
    /// The request is known by Logfire's `request_data`, and by having nothing of an answer, not even its id. Version 1
    /// of Logfire's attributes has the whole request, whose `stream` decides; so does version 2 for OpenAI's responses.
    /// Otherwise version 2 has the model alone, and an answer that is no stream always left its traces. The same holds
    /// where masking emptied the request.
    ///
    /// What one span cannot tell:
    /// - An answer that Logfire does not recognise, such as of Anthropic's `with_raw_response`, looks like a stream in
    ///   version 2, and is no call.
    /// - A stream that nobody began to read has no second span, and so no call.
    /// - A stream that broke counts as a call that did not fail, with the usage that had come.
    /// - A request that was cut or replaced, so that it is no JSON any more, stays a call beside the second span.
    ///
    /// - Parameters:
    ///   - span: The span that was taken in last.
    ///   - role: What it states; nil for nothing, as in earlier releases of Logfire.
    /// - Returns: False for most spans by the fields that are there.
    func isRequestOfStream(_ span: UnsafePointer<DecodedSpan>, role: SpanRole?) -> Bool {
        guard mayHave(.requestBody), fields & Self.answerFields == 0, role == nil || role == .llm else { return false }
        // OTLP 1.x, Status.code: 2 is STATUS_CODE_ERROR.
        if let status = span.pointee.status, status.pointee.code == 2 { return false }
        let isSpan = first(.spanType) { value, _ in value.text.map { $0.elementsEqual("span".utf8) } }
        guard isSpan == true else { return false }
        return first(.requestBody) { value, _ in value.asksForStream(isCall: role == .llm) } == true
    }
}

extension UnsafePointer<AnyValue> {
    /// Whether a request, of which no answer is known, asks for a stream.
    ///
    /// - Parameter isCall: Whether the span says that it is a call of a model; without it only `stream` counts.
    /// - Returns: False for what is no object.
    fileprivate func asksForStream(isCall: Bool) -> Bool {
        // No value at all: masked.
        guard pointee.kind != 0 else { return isCall }
        guard let request = JSONValue(objectIn: self) else { return false }
        if let stream = request["stream"] { return stream.bool == true }
        return isCall && request.object?.count == 1 && request["model"] != nil
    }
}
