// MetricsTests.swift - no span goes missing between two counters.

import Foundation
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
