// MetricsTests.swift - no span goes missing between two counters.

import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct MetricsTests {
    @Test func `every received span is stored, a duplicate, rejected or refused`() async throws {
        try await LiveServer.run { server in
            for body in [
                Self.export(spans: 1...5), Self.export(spans: 3...9), Self.export(spans: 10...12, badIDs: 2), "{}",
                "no json",
            ] {
                _ = try await server.send(
                    .POST,
                    "/v1/traces",
                    headers: [("Content-Type", "application/json")],
                    body: Data(body.utf8)
                )
            }
            let text = String(decoding: try await server.send(.GET, "/metrics").body, as: UTF8.self)
            let received = Self.sum(of: "receiver_received_spans", in: text)
            let stored = Self.sum(of: "exporter_sent_spans", in: text)
            let duplicates = Self.sum(of: "exporter_duplicate_spans", in: text)
            let rejected = Self.sum(of: "receiver_rejected_spans", in: text)
            let refused = Self.sum(of: "receiver_refused_spans", in: text)
            #expect(received == 17)
            #expect(stored == 12)
            #expect(duplicates == 3)
            #expect(rejected == 2)
            #expect(received == stored + duplicates + rejected + refused)
            #expect(Self.sum(of: "receiver_accepted_spans", in: text) == stored + duplicates)
            #expect(Self.sum(of: "receiver_refused_requests", in: text) == 1)
            #expect(text.contains("skein_store_commit_seconds_bucket{le=\"+Inf\"}"))
            #expect(text.contains("\nskein_store_database_bytes "))
        }
    }

    @Test func `every received log record is accepted, ignored, rejected or refused`() async throws {
        try await LiveServer.run { server in
            let content = SampleRecord("gen_ai.choice", trace: 1, span: 1).saying(("content", "x"))
            let call = SampleRecord("claude_code.api_request").with(("request_id", "r"), ("session.id", "s"))
            let other = SampleRecord("a name that is long enough")
            let bad = SampleRecord("gen_ai.choice").with(("k", .text(String(repeating: "k", count: 9))))
            let broken = Array(SampleRecord.request([bad]).map { $0 == UInt8(ascii: "k") ? 0xFF : $0 })
            for body in [
                SampleRecord.request([content, call, call, other, SampleRecord("short")]), broken, [1, 2, 3],
            ] {
                let headers = [("Content-Type", "application/x-protobuf")]
                _ = try await server.send(.POST, "/v1/logs", headers: headers, body: Data(body))
            }
            let text = try await server.send(.GET, "/metrics").text
            func total(_ what: String) -> Int { Self.sum(of: "receiver_\(what)_log_records", in: text) }
            #expect(total("received") == 6)
            #expect(total("accepted") == 3)
            #expect(total("ignored") == 2)
            #expect(total("rejected") == 1)
            #expect(total("refused") == 0)
            #expect(Self.sum(of: "receiver_refused_requests", in: text) == 1)
            #expect(Self.sum(of: "exporter_sent_spans", in: text) == 1)
            #expect(Self.sum(of: "exporter_duplicate_spans", in: text) == 1)
        }
    }

    private static func export(spans: ClosedRange<Int>, badIDs: Int = 0) -> String {
        var all = spans.map { #"{"traceId":"0000000000000000000000000000000a","spanId":"\#(hex($0))","name":"s"}"# }
        for _ in 0..<badIDs { all.append(#"{"traceId":"00","spanId":"00","name":"bad"}"#) }
        return #"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(all.joined(separator: ","))]}]}]}"#
    }

    private static func hex(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func sum(of counter: String, in text: String) -> Int {
        text.split(separator: "\n")
            .filter { $0.hasPrefix("skein_\(counter)_total") }
            .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
            .reduce(0, +)
    }
}
