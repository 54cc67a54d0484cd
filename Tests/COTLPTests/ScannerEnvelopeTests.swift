// ScannerEnvelopeTests.swift - what the scanner keeps of resources and scopes, and what it refuses there.

import COTLP
import TestSupport
import Testing

struct ScannerEnvelopeTests {
    @Test func `an envelope is all but the spans, also what comes behind them`() {
        let resource = WireWriter { $0.message(1) { $0.attribute(1, "service.name", "late") } }.bytes
        let scope = WireWriter { $0.message(1) { $0.string(1, "late scope") } }.bytes
        let schema = WireWriter { $0.string(3, "https://opentelemetry.io/schemas/1.37.0") }.bytes
        let request = WireWriter { request in
            request.message(1) { resourceSpans in
                resourceSpans.raw(schema)
                resourceSpans.message(2) {
                    $0.span(trace: 1, span: 1)
                    $0.raw(scope + schema)
                    $0.span(trace: 1, span: 2)
                }
                resourceSpans.raw(resource)
            }
        }
        let scanned = ScannedRequest(request.bytes)
        #expect(scanned.resources == [schema + resource])
        #expect(scanned.scopes == [scope + schema])
        #expect(decodes(scanned))
    }

    @Test func `resources and scopes without a good span make no entry`() {
        let request = WireWriter { request in
            for number in 0..<3 as Range<UInt8> {
                request.message(1) { resourceSpans in
                    resourceSpans.message(1) { $0.attribute(1, "number", "\(number)") }
                    resourceSpans.message(2) { $0.message(1) { $0.string(1, "empty") } }
                    resourceSpans.message(2) {
                        $0.message(1) { $0.string(1, "scope \(number)") }
                        $0.span(trace: number, span: 1) { if number == 1 { $0.sized(2, []) } }
                    }
                }
            }
        }
        let scanned = ScannedRequest(request.bytes)
        #expect(scanned.resources.count == 2)
        #expect(scanned.scopes.count == 2)
        #expect(scanned.spans.map(\.resource) == [0, 1])
        #expect(scanned.spans.map(\.scope) == [0, 1])
        #expect(scanned.rejected(COTLP_BAD_SPAN_ID) == 1)
    }

    @Test func `the same resource fields in two places are two entries`() {
        let part = WireWriter.request { $0.span(trace: 1, span: 1) }
        let scanned = ScannedRequest(part + part)
        #expect(scanned.resources.count == 2)
        #expect(scanned.resources[0] == scanned.resources[1])
    }

    @Test(arguments: [
        ([0x0A, 0x7F], 0, COTLP_MALFORMED),  // a ResourceSpans past the end
        ([0x08, 0x01], 0, COTLP_MALFORMED),  // a ResourceSpans as varint
        ([0x0A, 0x02, 0x10, 0x01], 2, COTLP_MALFORMED),  // a ScopeSpans as varint
        ([0x0A, 0x04, 0x12, 0x02, 0x10, 0x01], 4, COTLP_MALFORMED),  // a Span as varint
        ([0x0A, 0x04, 0x12, 0x02, 0x12, 0x05], 4, COTLP_MALFORMED),  // a Span past its ScopeSpans
        ([0x0A, 0x03, 0x1A, 0x01, 0xFF], 2, COTLP_BAD_UTF8),  // a schema URL
        ([0x0A, 0x04, 0x0A, 0x00, 0x0A, 0x00], 4, COTLP_MALFORMED),  // two resources
        ([0x0A, 0x06, 0x12, 0x04, 0x0A, 0x00, 0x0A, 0x00], 6, COTLP_MALFORMED),  // two scopes
        ([0x0A, 0x07, 0x0A, 0x05, 0x0A, 0x03, 0x0A, 0x01, 0xFF], 6, COTLP_BAD_UTF8),  // a resource attribute's key
        ([0x0B, 0x0C], 0, COTLP_MALFORMED),  // a group
        ([0x0A, 0x00, 0x80], 2, COTLP_MALFORMED),  // half a tag
    ])
    func `a fault outside the spans refuses the request and says where`(
        _ bytes: [UInt8],
        _ offset: Int,
        _ fault: cotlp_fault
    ) {
        let scanned = ScannedRequest(bytes)
        #expect(scanned.fault == fault)
        #expect(scanned.faultOffset == offset)
        #expect(ScannedRequest(WireWriter.request { $0.span(trace: 1, span: 1) } + bytes).fault == fault)
    }

    @Test func `a resource of a hundred thousand empty attributes refuses the request`() {
        let resource = WireWriter { $0.raw((0..<100_000).flatMap { _ in [0x0A, 0x00] as [UInt8] }) }
        let scanned = ScannedRequest(WireWriter { $0.message(1) { $0.sized(1, resource.bytes) } }.bytes)
        #expect(scanned.fault == COTLP_TOO_COSTLY)
    }

    @Test func `every cut of a request is refused, or is a whole request`() {
        let whole = WireWriter.request {
            $0.span(trace: 1, span: 1) { $0.attribute(9, "key", "value") }
            $0.span(trace: 2, span: 2)
        }
        for length in 1..<whole.count {
            #expect(ScannedRequest(Array(whole.prefix(length))).fault == COTLP_MALFORMED)
        }
    }
}
