// SessionAnswer.swift - GET /v1/sessions/:id.

import Hummingbird
import OTLPCodec
import TraceModel
import TraceStore

/// Answers one session: its totals, a page of its traces, and what was said in them.
struct SessionAnswer: Sendable {
    let reader: BoundedReader
    let memory: any MemorySource

    /// What an answer takes for the span in work, in all its forms.
    private static let bytesOfSlice = 4 << 20
    /// What an answer takes for each span of the largest trace, about: its place, its call.
    private static let bytesOfSpan = 400

    func response(to request: TraceRequest) async throws -> Response {
        try request.parameters.allowOnly(["cursor", "limit", "project"])
        let limit = Int(try request.parameters.integer("limit", in: 1...100) ?? 50)
        guard let name = QueryParameters.decode(request.pathID.utf8, plusIsSpace: false) else {
            throw APIError.notFound("no such session; its id in the path is percent-encoded UTF-8")
        }
        let found = try await find(name, request)
        let query = query(for: found, limit: limit)
        let page = try await reader.traces(matching: query)
        let lease = memory.lease()
        defer { lease.end() }
        let spans = page.rows.map(\.spanCount).max() ?? 0
        let bytesOfTexts = page.rows.count * 2 * ConversationTurn.mostBytes
        try await lease.grow(by: Self.bytesOfSlice + bytesOfTexts + spans * Self.bytesOfSpan)
        var turns: [ConversationTurn] = []
        for row in page.rows { turns.append(try await ConversationTurn.read(row, reader)) }
        return Response(json: json(found, page, turns, limit: limit))
    }

    /// A session, and the other projects that have one of that name.
    private struct Found {
        var row: OwnerRow
        var otherProjects: [String]
        var after: TracePosition?

        var filters: UInt64 { Self.filters(of: row) }

        static func filters(of row: OwnerRow) -> UInt64 {
            PageCursor.hash(["session", row.project, row.name])
        }
    }

    /// Of several projects' the newest, or the one that the cursor was made for.
    private func find(_ name: String, _ request: TraceRequest) async throws -> Found {
        let cursor = try request.parameters["cursor"].map { try PageCursor($0, kind: .session) }
        var query = OwnerQuery(.session)
        query.traces.filter.scope = request.scope
        query.traces.filter.session = name
        query.traces.limit = 100
        let page = try await reader.owners(matching: query)
        guard !page.rows.isEmpty else {
            guard !page.isPartial else {
                throw APIError(reason: .storageUnavailable, message: "query took too long")
            }
            throw APIError.notFound("no such session")
        }
        let meant = page.rows.firstIndex { cursor == nil || cursor?.filters == Found.filters(of: $0) }
        guard let meant else {
            throw APIError.invalid("cursor", "the cursor belongs to another session; start without a cursor")
        }
        let others = page.rows.indices.filter { $0 != meant }.map { page.rows[$0].project }
        let after = cursor.map { TracePosition(value: $0.value, number: $0.number) }
        return Found(row: page.rows[meant], otherProjects: others, after: after)
    }

    private func query(for found: Found, limit: Int) -> TraceQuery {
        var query = TraceQuery()
        query.filter.scope = .only(found.row.project)
        query.filter.session = found.row.name
        query.ascending = true
        query.limit = limit
        query.after = found.after
        return query
    }

    private func json(_ found: Found, _ page: TracePage, _ turns: [ConversationTurn], limit: Int) -> [UInt8] {
        var json: [UInt8] = []
        json.append(raw: "{\"data\":{")
        found.row.appendMembers(of: .session, countingTracesAs: "trace_count", to: &json)
        if !found.otherProjects.isEmpty {
            json.append(member: "also_in_projects") { $0.appendJSON(texts: found.otherProjects) }
        }
        json.append(member: "traces") { json in
            json.append(list: page.rows) { row, json in row.appendRow(to: &json) }
        }
        json.append(member: "conversation") { json in
            json.append(list: turns) { turn, json in turn.append(to: &json) }
        }
        json.append(raw: "},")
        let cursor = page.next.map {
            PageCursor(kind: .session, value: $0.value, number: $0.number, filters: found.filters).text
        }
        var pagination = Pagination(limit: limit, next: cursor)
        pagination.isPartial = page.isPartial
        pagination.append(to: &json)
        json.append(raw: "}")
        return json
    }
}
