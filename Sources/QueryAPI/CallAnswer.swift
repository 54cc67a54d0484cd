// CallAnswer.swift - the view of calls: GET /v1/calls, GET /v1/calls/:request_id.

import COTLP
import GenAISemantics
import Hummingbird
import OTLPCodec
import TraceModel
import TraceStore

/// Answers a list of calls, or one of them.
struct CallAnswer: Sendable {
    let reader: BoundedReader

    /// Answers a list: one page, in memory.
    func list(for request: TraceRequest) async throws -> Response {
        let query = try CallQuery(request.parameters, scope: request.scope)
        let page = try await reader.calls(matching: query)
        var json: [UInt8] = []
        json.append(raw: "{\"traces\":[")
        for (index, row) in page.rows.enumerated() {
            json.append(raw: index > 0 ? ",{" : "{")
            row.appendMembers(isCounted: !query.includesUncounted, to: &json)
            json.append(raw: "}")
        }
        json.append(raw: "]")
        if query.isCounted { json.append(member: "total") { $0.appendJSON(page.total) } }
        json.append(member: "has_more") { $0.appendJSON(page.next != nil) }
        json.append(member: "next_cursor") { $0.appendJSON(page.next.map(query.cursor)) }
        if page.isPartial { json.append(raw: ",\"partial\":true") }
        if let lag = page.lag { json.append(member: "search_lag_parts") { $0.appendJSON(lag) } }
        json.append(raw: "}")
        return Response(json: json)
    }

    /// Answers one call, with its texts and metadata.
    func detail(for request: TraceRequest) async throws -> Response {
        try request.parameters.allowOnly(["project"])
        guard let id = CallID(request.pathID) else { throw Self.noSuchCall(request.pathID) }
        for summary in try await reader.summaries(of: id.traceID, in: request.scope) {
            let trace = try await reader.trace(summary.number)
            guard let outline = trace.outlines.first(where: { $0.spanID == id.spanID }), let call = outline.call,
                call.call.role.isProviderCall,
                let stored = try await reader.span(outline, of: trace)
            else { continue }
            let content = try await CallContent.read(outline, of: trace, reader)
            var json = try Self.json(of: call, stored, in: id.traceID, content)
            let same = try await SamePrompt(reader: reader).use(
                of: content.hash,
                until: outline.start,
                in: summary.project
            )
            json.append(member: "prompt_hash") { $0.appendJSON(content.hash?.hexText) }
            json.append(member: "same_prompt") { SamePrompt.append(same, to: &$0) }
            json.append(raw: "}")
            return Response(json: json)
        }
        throw Self.noSuchCall(request.pathID)
    }

    /// The answer without its end.
    private static func json(
        of call: StoredCall,
        _ stored: StoredSpan,
        in trace: TraceID,
        _ content: CallContent
    ) throws -> [UInt8] {
        let outline = stored.outline
        var json: [UInt8] = []
        try SpanDecoder().withSpan(stored.bytes) { span in
            let isFailed = span.pointee.status?.pointee.code == Int32(SpanStatus.error.rawValue)
            var row = CallRow(
                traceID: trace,
                spanID: outline.spanID,
                start: outline.start,
                duration: max(0, outline.end - outline.start),
                status: CallStatus(isFailed: isFailed, errorType: call.call.errorType)
            )
            row.model = call.call.model
            row.provider = call.call.provider
            row.tokensInput = call.call.usage.input
            row.tokensOutput = call.call.usage.output
            row.cost = call.call.cost
            row.scope = call.scope
            json.append(raw: "{")
            row.appendMembers(isCounted: false, to: &json)
            if let text = content.input { json.append(member: "input_text") { $0.appendJSON(text) } }
            if let text = content.output { json.append(member: "output_text") { $0.appendJSON(text) } }
            json.append(member: "metadata") { json in
                json.appendJSON(.object(metadata(of: call, content.tags) + SpanMetadata.members(of: span)))
            }
        }
        return json
    }

    private static func metadata(of call: StoredCall, _ tags: [String]) -> [JSONMember] {
        var members: [JSONMember] = []
        if let user = call.user { members.append(JSONMember("user_id", .string(user))) }
        if let session = call.session { members.append(JSONMember("session_id", .string(session))) }
        if !tags.isEmpty { members.append(JSONMember("tags", .array(tags.map { .string($0) }))) }
        return members
    }

    private static func noSuchCall(_ id: String) -> APIError {
        APIError(
            reason: .callNotFound,
            message: "no such call; the id of a call is t_ and 48 hex digits, as 'request_id' in lists of calls"
        )
    }
}

extension Conversation {
    /// The text of the last message of the user, else the input that is no conversation, or the texts embedded.
    var inputText: String? {
        if let message = input.last(where: { $0.role == "user" }), let text = message.text { return text }
        if let text = inputValue?.string { return text }
        return embeddingInputs.isEmpty ? nil : embeddingInputs.joined(separator: "\n")
    }

    /// The text of the first choice, else the output that is no conversation.
    var outputText: String? {
        output.first?.text ?? outputValue?.string
    }
}

extension ChatMessage {
    /// Its texts, one to a line or more; nil when it has none.
    fileprivate var text: String? {
        let texts = parts.compactMap { part in if case .text(let text) = part { text } else { nil } }
        return texts.isEmpty ? nil : texts.joined(separator: "\n")
    }
}
