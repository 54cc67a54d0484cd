// LogScannerTests.swift - what the scanner says of requests with log records.

import COTLP
import TestSupport
import Testing
import TraceModel

struct LogScannerTests {
    /// What a scan finds, by value.
    private struct Found {
        var fault: cotlp_fault
        var ids: [[UInt64]] = []
        var rejected: UInt64 = 0
        var unlisted: UInt64 = 0
        var resources = 0
        var scopes = 0

        init(_ bytes: [UInt8]) {
            var scan = cotlp_scan()
            defer { cotlp_scan_free(&scan) }
            fault = bytes.withUnsafeBufferPointer { cotlp_scan_logs($0.baseAddress, $0.count, &scan) }
            ids = UnsafeBufferPointer(start: scan.spans, count: scan.span_count).map {
                [$0.trace_high, $0.trace_low, $0.span_id]
            }
            rejected = withUnsafeBytes(of: scan.rejected) { $0.bindMemory(to: UInt64.self).reduce(0, +) }
            unlisted = scan.unlisted
            (resources, scopes) = (scan.resource_count, scan.scope_count)
        }
    }

    private static func request(_ record: (inout WireWriter) -> Void) -> [UInt8] {
        WireWriter { request in
            request.message(1) { resourceLogs in
                resourceLogs.message(2) { scopeLogs in scopeLogs.message(2, record) }
            }
        }.bytes
    }

    @Test func `records are found with their ids, or without`() {
        let name = "a name that is long enough"
        let found = Found(
            SampleRecord.request([
                SampleRecord(name, trace: 1, span: 2), SampleRecord(name, trace: 3), SampleRecord(name, span: 4),
                SampleRecord(name),
            ])
        )
        #expect(found.fault == COTLP_FINE)
        #expect(found.ids == [[0xABCD, 1, 2], [0xABCD, 3, 0], [0, 0, 0], [0, 0, 0]])
        #expect(found.resources == 1 && found.scopes == 1)
        #expect(found.rejected == 0 && found.unlisted == 0)
    }

    @Test func `ids of a wrong length count as none`() {
        let found = Found(
            Self.request {
                $0.string(12, "a name that is long enough")
                $0.sized(9, [1, 2])
                $0.sized(10, [1, 2, 3, 4, 5, 6, 7, 8, 9])
            }
        )
        #expect(found.fault == COTLP_FINE)
        #expect(found.ids == [[0, 0, 0]])
    }

    @Test func `records too short to name an event are counted alone`() {
        let found = Found(Self.request { $0.string(12, "short") })
        #expect(found.fault == COTLP_FINE)
        #expect(found.ids.isEmpty && found.resources == 0)
        #expect(found.unlisted == 1)
    }

    @Test func `a fault inside a record rejects it alone`() {
        let deep = (0..<70).reduce([UInt8]()) { inner, _ in WireWriter { $0.message(5) { $0.sized(1, inner) } }.bytes }
        let bodies: [(inout WireWriter) -> Void] = [
            { $0.sized(12, [0xFF, 0xFE]) }, { $0.sized(5, deep) }, { $0.number(9, 7) }, { $0.raw([0x32, 0x20, 1]) },
            { $0.message(6) { $0.sized(1, [0xC0]) } },
            {
                $0.message(5) { $0.string(1, "one body") }
                $0.message(5) { $0.string(1, "and another") }
            },
        ]
        for body in bodies {
            let found = Found(Self.request(body))
            #expect(found.fault == COTLP_FINE)
            #expect(found.rejected == 1)
            #expect(found.ids.isEmpty)
        }
    }

    @Test func `fields that are not known are skipped`() {
        let found = Found(
            Self.request {
                $0.string(12, "a name that is long enough")
                $0.number(4, 1)
                $0.string(13, "later")
                $0.fixed64(200, 1)
            }
        )
        #expect(found.fault == COTLP_FINE)
        #expect(found.ids.count == 1)
    }

    @Test func `broken framing refuses the request`() {
        for bytes in [[1, 2, 3], [0x0A, 5, 1], WireWriter { $0.message(1) { $0.number(2, 1) } }.bytes] as [[UInt8]] {
            #expect(Found(bytes).fault == COTLP_MALFORMED)
        }
        #expect(Found([]).fault == COTLP_FINE)
    }
}
