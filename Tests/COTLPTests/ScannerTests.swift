// ScannerTests.swift - what the scanner finds, rejects and refuses.

import COTLP
import TestSupport
import Testing

/// One fault of a span, written behind its ids and name.
struct SpanFault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let fault: cotlp_fault
    let write: @Sendable (inout WireWriter) -> Void

    init(_ name: String, _ fault: cotlp_fault, _ write: @escaping @Sendable (inout WireWriter) -> Void) {
        testDescription = name
        self.fault = fault
        self.write = write
    }

    static let all: [SpanFault] = [
        SpanFault("a length past the span", COTLP_MALFORMED) { $0.raw([0x2A, 0x7F, 0x61]) },
        SpanFault("a name as varint", COTLP_MALFORMED) { $0.number(5, 1) },
        SpanFault("a bool with the wire type of bytes", COTLP_MALFORMED) { $0.value { $0.sized(2, [1]) } },
        SpanFault("flags as varint", COTLP_MALFORMED) { $0.number(16, 1) },
        SpanFault("field number 0", COTLP_MALFORMED) { $0.raw([0x00, 0x00]) },
        SpanFault("field number 0 in a long tag", COTLP_MALFORMED) { $0.raw([0x80, 0x00, 0x00]) },
        SpanFault("a group", COTLP_MALFORMED) { $0.raw([0x9B, 0x06, 0x9C, 0x06]) },
        SpanFault("wire type 7", COTLP_MALFORMED) { $0.raw([0x97, 0x06]) },
        SpanFault("a tag of six bytes", COTLP_MALFORMED) { $0.raw([0xA8, 0x80, 0x80, 0x80, 0x80, 0x00, 0x01]) },
        SpanFault("a field number above 2^29-1", COTLP_MALFORMED) { $0.raw([0xF8, 0xFF, 0xFF, 0xFF, 0x1F, 0x01]) },
        SpanFault("a varint of eleven bytes", COTLP_MALFORMED) {
            $0.raw([0x30] + Array(repeating: 0x80, count: 10) + [0x01])
        },
        SpanFault("a cut fixed64", COTLP_MALFORMED) { $0.raw([0x39, 0x01, 0x02]) },
        SpanFault("a length that wraps 32 bits", COTLP_MALFORMED) { $0.raw([0x2A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]) },
        SpanFault("two values of one attribute", COTLP_MALFORMED) {
            $0.message(9) {
                $0.message(2) { _ in }
                $0.message(2) { _ in }
            }
        },
        SpanFault("two statuses", COTLP_MALFORMED) {
            $0.message(15) { $0.number(3, 2) }
            $0.message(15) { $0.string(2, "why") }
        },
        SpanFault("a name that is not UTF-8", COTLP_BAD_UTF8) { $0.sized(5, [0x61, 0xFF]) },
        SpanFault("a trace state that is not UTF-8", COTLP_BAD_UTF8) { $0.sized(3, [0xC3]) },
        SpanFault("an attribute key that is not UTF-8", COTLP_BAD_UTF8) { $0.message(9) { $0.sized(1, [0x80]) } },
        SpanFault("a value that is not UTF-8", COTLP_BAD_UTF8) { $0.value { $0.sized(1, [0xC0, 0x80]) } },
        SpanFault("an event name that is not UTF-8", COTLP_BAD_UTF8) { $0.message(11) { $0.sized(2, [0xFE]) } },
        SpanFault("a link's trace state that is not UTF-8", COTLP_BAD_UTF8) { $0.message(13) { $0.sized(3, [0xFE]) } },
        SpanFault("a status message that is not UTF-8", COTLP_BAD_UTF8) { $0.message(15) { $0.sized(2, [0xFE]) } },
        SpanFault("a trace id of 15 bytes", COTLP_BAD_TRACE_ID) { $0.sized(1, Array(repeating: 1, count: 15)) },
        SpanFault("a trace id of zeros", COTLP_BAD_TRACE_ID) { $0.sized(1, Array(repeating: 0, count: 16)) },
        SpanFault("a span id of 16 bytes", COTLP_BAD_SPAN_ID) { $0.sized(2, Array(repeating: 1, count: 16)) },
        SpanFault("a span id of zeros", COTLP_BAD_SPAN_ID) { $0.sized(2, Array(repeating: 0, count: 8)) },
        SpanFault("100,000 empty values", COTLP_TOO_COSTLY) { $0.emptyValues(100_000) },
    ]
}

extension WireWriter {
    fileprivate mutating func value(_ write: (inout WireWriter) -> Void) {
        message(9) {
            $0.string(1, "key")
            $0.message(2, write)
        }
    }

    fileprivate mutating func emptyValues(_ count: Int) {
        value { $0.message(5) { $0.raw((0..<count).flatMap { _ in [0x0A, 0x00] as [UInt8] }) } }
    }
}

struct ScannerTests {
    @Test func `zero bytes are a request without spans`() {
        let scanned = ScannedRequest([])
        #expect(scanned.fault == COTLP_FINE)
        #expect(scanned.spans.isEmpty && scanned.resources.isEmpty && scanned.scopes.isEmpty)
    }

    @Test func `spans are found where they stand, with their ids`() throws {
        let content = WireWriter {
            $0.ids(trace: 1, span: 2)
            $0.fixed32(16, 0x101)
        }
        let scanned = ScannedRequest(WireWriter.request { $0.sized(2, content.bytes) })
        try #require(scanned.spans.count == 1)
        let span = scanned.spans[0]
        #expect(Array(scanned.bytes(of: span)) == content.bytes)
        #expect(span.trace_high == 0xABAB_ABAB_ABAB_ABAB)
        #expect(span.trace_low == 0xABAB_ABAB_ABAB_AB01)
        #expect(span.span_id == 0xCDCD_CDCD_CDCD_CD02)
        #expect(scanned.rejected.allSatisfy { $0 == 0 })
    }

    @Test(arguments: SpanFault.all)
    func `a fault inside a span rejects that span alone`(_ example: SpanFault) {
        let scanned = ScannedRequest(
            WireWriter.request {
                $0.span(trace: 1, span: 1)
                $0.span(trace: 1, span: 2, adding: example.write)
                $0.span(trace: 1, span: 3)
            }
        )
        #expect(scanned.fault == COTLP_FINE)
        #expect(scanned.spans.map { $0.span_id & 0xFF } == [1, 3])
        #expect(scanned.rejected(example.fault) == 1)
        #expect(scanned.rejected.reduce(0, +) == 1)
    }

    @Test func `a span without ids is rejected`() {
        let scanned = ScannedRequest(WireWriter.request { $0.message(2) { $0.string(5, "chat") } })
        #expect(scanned.rejected(COTLP_BAD_TRACE_ID) == 1)
    }

    @Test func `of an id given twice the last counts`() throws {
        let scanned = ScannedRequest(
            WireWriter.request {
                $0.span(trace: 1, span: 1) {
                    $0.sized(1, Array(repeating: 0, count: 16))
                    $0.ids(trace: 7, span: 8)
                }
            }
        )
        try #require(scanned.spans.count == 1)
        #expect(scanned.spans[0].trace_low & 0xFF == 7)
        #expect(scanned.spans[0].span_id & 0xFF == 8)
    }

    @Test func `unknown fields of every legal wire type are skipped at every level`() {
        let unknown = WireWriter {
            $0.number(99, .max)
            $0.fixed64(100, 1)
            $0.sized(101, [0xFF, 0xFE])
            $0.fixed32(536_870_911, 1)
        }.bytes
        let request = WireWriter { request in
            request.raw(unknown)
            request.message(1) { resourceSpans in
                resourceSpans.raw(unknown)
                resourceSpans.message(1) { $0.raw(unknown) }
                resourceSpans.message(2) { scopeSpans in
                    scopeSpans.raw(unknown)
                    scopeSpans.span(trace: 1, span: 1) {
                        $0.raw(unknown)
                        $0.message(9) { $0.raw(unknown) }
                    }
                }
            }
        }
        let scanned = ScannedRequest(request.bytes)
        #expect(scanned.fault == COTLP_FINE)
        #expect(scanned.spans.count == 1)
        #expect(scanned.rejected.allSatisfy { $0 == 0 })
        #expect(decodes(scanned))
    }

    @Test func `bytes values and ids need not be UTF-8`() {
        let scanned = ScannedRequest(
            WireWriter.request { $0.span(trace: 0xFF, span: 0xFF) { $0.value { $0.sized(7, [0xFF, 0xC0]) } } }
        )
        #expect(scanned.spans.count == 1)
    }

    @Test(arguments: [1_000, 10_000])
    func `a span may hold a long list of small numbers`(_ count: Int) {
        let list = WireWriter { for number in 0..<count { $0.message(1) { $0.number(3, UInt64(number)) } } }
        let scanned = ScannedRequest(
            WireWriter.request { $0.span(trace: 1, span: 1) { $0.value { $0.sized(5, list.bytes) } } }
        )
        #expect(scanned.spans.count == 1)
        #expect(decodes(scanned))
    }

    @Test func `a list of tiny values is accepted only as far as it can be decoded`() {
        let accepted = stride(from: 8_000, through: 60_000, by: 1_000).count { count in
            let scanned = ScannedRequest(WireWriter.request { $0.span(trace: 1, span: 1) { $0.emptyValues(count) } })
            #expect(decodes(scanned), "\(count) values")
            return !scanned.spans.isEmpty
        }
        #expect((1..<53).contains(accepted))
    }
}
