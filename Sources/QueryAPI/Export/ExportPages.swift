// ExportPages.swift - the pages of an export, one after the other.

import TraceModel
import TraceStore

/// The pages of a list of traces, each read when it is asked for.
struct TracePages: Sendable {
    /// Rows of a page; one read of them takes some milliseconds.
    private static let rows = 200

    private let reader: BoundedReader
    private var query: TraceQuery
    private var first: TracePage?
    private var isAtEnd = false

    /// Reads the first page, so that a store that cannot answer is noticed before the answer begins.
    init(_ query: TraceQuery, reader: BoundedReader) async throws {
        self.reader = reader
        self.query = query
        self.query.limit = Self.rows
        first = try await reader.traces(matching: self.query)
    }

    /// The next page, which may be empty; nil at the end.
    mutating func next() async throws -> [TraceSummary]? {
        guard !isAtEnd else { return nil }
        let page: TracePage
        if let first {
            page = first
            self.first = nil
        } else {
            page = try await reader.traces(matching: query)
        }
        query.after = page.next
        isAtEnd = page.next == nil
        return page.rows
    }
}

/// The pages of a list of calls, each read when it is asked for.
struct CallPages: Sendable {
    private static let rows = 1000

    private let reader: BoundedReader
    private var query: CallQuery
    private var first: CallPage?
    private var isAtEnd = false

    /// Reads the first page, so that a store that cannot answer is noticed before the answer begins.
    init(_ query: CallQuery, reader: BoundedReader) async throws {
        self.reader = reader
        self.query = query
        self.query.limit = Self.rows
        self.query.isCounted = false
        first = try await reader.calls(matching: self.query)
    }

    /// The next page; nil at the end.
    mutating func next() async throws -> [CallRow]? {
        guard !isAtEnd else { return nil }
        let page: CallPage
        if let first {
            page = first
            self.first = nil
        } else {
            page = try await reader.calls(matching: query)
        }
        query.after = page.next
        isAtEnd = page.next == nil
        return page.rows
    }
}
