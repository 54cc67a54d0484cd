// StoreFailureTests.swift - a store that cannot answer.

import Foundation
import HTTPTypes
@testable import QueryAPI
import Testing
import TraceModel
import TraceStore

@Suite struct `a store that cannot answer` {
    private let busy = StoreError(code: .unavailable, message: "the disk is full")
    private static let paths = [
        "/v1/traces", "/v1/traces/\(SampleTrace.id)", "/v1/traces/\(SampleTrace.id)?view=tree",
        "/v1/traces/\(SampleTrace.id)?view=otlp", "/v1/traces/\(SampleTrace.id)/spans",
        "/v1/traces/\(SampleTrace.id)/spans/0000000000000001",
    ]

    private func reader(spans: Int = 1) async -> InMemoryTraceReader {
        var trace = SampleTrace(number: 1)
        for id in 1...spans { trace.add(UInt64(id), attribute: String(repeating: "x", count: 500)) }
        let reader = InMemoryTraceReader()
        await reader.add(trace)
        return reader
    }

    @Test(arguments: paths) func `is a 503 that says why`(_ path: String) async throws {
        let reader = await reader()
        await reader.fail(with: busy)
        let answer = try await ask(reader, path)
        #expect(answer.status == .serviceUnavailable)
        #expect(try answer.string("error.code") == "storage_unavailable")
        #expect(try answer.string("error.message") == "the disk is full")
        #expect(try await ask(reader, path, method: .head).status == .serviceUnavailable)
    }

    @Test(arguments: paths.dropFirst()) func `is a 503 also when only the spans fail`(_ path: String) async throws {
        let reader = await reader()
        await reader.fail(with: busy, afterSpanReads: 0)
        #expect(try await ask(reader, path).status == .serviceUnavailable)
    }

    @Test(arguments: paths[1...4]) func `after the first byte cuts the answer off`(_ path: String) async throws {
        let reader = await reader(spans: 6000)
        await reader.fail(with: busy, afterSpanReads: 1)
        let separator = path.contains("?") ? "&" : "?"
        let uri = path.contains("view=") ? path : path + "\(separator)limit=6000"
        await #expect(throws: StoreError.self) { try await ask(reader, uri) }
    }

    @Test(arguments: paths) func `is stopped at the deadline`(_ path: String) async throws {
        let reader = await reader()
        await reader.hang()
        let answer = try await ask(reader, path, clock: ImpatientClock())
        #expect(answer.status == .serviceUnavailable)
        #expect(try answer.string("error.code") == "storage_unavailable")
        #expect(try answer.string("error.message") == "query took longer than 10 s")
    }

    @Test func `with a fault of its own tells the client no more than a request id`() async throws {
        let reader = await reader()
        await reader.fail(with: StoreError(code: .internal, message: "page 7 of the file is damaged"))
        let answer = try await ask(reader, "/v1/traces")
        #expect(answer.status == .internalServerError)
        #expect(try answer.string("error.code") == "internal")
        #expect(try answer.string("error.message") == "internal error")
        #expect(try answer.string("error.details.request_id")?.isEmpty == false)
    }

    @Test func `every code of an error has its own shape`() {
        #expect(APIError(StoreError(code: .overloaded, message: "")).status == .serviceUnavailable)
        #expect(APIError(StoreError(code: .invalid, message: "")).status == .badRequest)
        #expect(APIError(StoreError(code: .notFound, message: "")).status == .notFound)
        #expect(APIError(CancellationError()).reason == .internal)
        for reason in APIError.Reason.allCases {
            #expect(APIError(reason: reason, message: "").status.code >= 400)
        }
    }
}
