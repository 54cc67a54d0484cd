// ScannerHostileTests.swift - depth, UTF-8 and mutated bytes.

import COTLP
import TestSupport
import Testing

/// How values are put into values.
enum Nesting: CaseIterable {
    case lists, maps

    /// An `AnyValue` message of so many levels.
    func value(levels: Int) -> [UInt8] {
        // Built from the inside, back to front, so that 20,000 levels are no matter.
        var reversed: [UInt8] = []
        func wrap(_ field: UInt64) {
            let head = WireWriter {
                $0.tag(field, wire: 2)
                $0.varint(UInt64(reversed.count))
            }
            reversed += head.bytes.reversed()
        }
        for _ in 1..<levels {
            if self == .maps { wrap(2) }
            wrap(1)
            wrap(self == .maps ? 6 : 5)
        }
        return reversed.reversed()
    }
}

struct ScannerHostileTests {
    @Test(arguments: Nesting.allCases, [(40, true), (64, true), (65, false), (20_000, false)])
    func `values may be 64 levels deep`(_ nesting: Nesting, _ depth: (levels: Int, isFine: Bool)) {
        let scanned = ScannedRequest(
            WireWriter.request { scope in
                scope.span(trace: 1, span: 1) { $0.message(9) { $0.sized(2, nesting.value(levels: depth.levels)) } }
                scope.span(trace: 1, span: 2)
            }
        )
        #expect(scanned.fault == COTLP_FINE)
        #expect(scanned.spans.count == (depth.isFine ? 2 : 1))
        #expect(scanned.rejected(COTLP_TOO_DEEP) == (depth.isFine ? 0 : 1))
        #expect(decodes(scanned))
    }

    @Test func `a resource nested too deep refuses the request`() {
        let request = WireWriter { request in
            request.message(1) { $0.message(1) { $0.message(1) { $0.sized(2, Nesting.lists.value(levels: 20_000)) } } }
        }
        #expect(ScannedRequest(request.bytes).fault == COTLP_TOO_DEEP)
    }

    @Test(arguments: [
        "", "a", "é", "€", "😀", "\u{7F}\u{80}", "\u{7FF}\u{800}", "\u{D7FF}\u{E000}", "\u{FFFF}\u{10000}", "\u{10FFFF}",
        "\0",
    ])
    func `UTF-8 is accepted at every place of a string`(_ text: String) {
        for length in 0...40 {
            let padding = String(repeating: "x", count: length)
            #expect(isAccepted(Array((padding + text).utf8)))
            #expect(isAccepted(Array((text + padding).utf8)))
        }
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x9F, 0xBF], [0xE2, 0x82],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98],
            [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xE2, 0x82, 0x41], [0xF0, 0x9F, 0x98, 0x41],
        ] as [[UInt8]]
    )
    func `what is not UTF-8 is refused at every place of a string`(_ bad: [UInt8]) {
        for length in 0...40 {
            let padding = [UInt8](repeating: 0x78, count: length)
            #expect(!isAccepted(padding + bad))
            #expect(!isAccepted(bad + padding))
        }
    }

    private func isAccepted(_ string: [UInt8]) -> Bool {
        let scanned = ScannedRequest(WireWriter.request { $0.span(trace: 1, span: 1) { $0.sized(5, string) } })
        return scanned.spans.count == 1
    }

    @Test func `what the scanner accepts protobuf-c decodes, whatever bytes are changed`() {
        let original = richRequest()
        #expect(ScannedRequest(original).spans.count == 3)
        var random = SplitMix(state: 42)
        var accepted = 0
        for _ in 0..<6_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) { bytes.mutate(using: &random) }
            let scanned = ScannedRequest(bytes)
            accepted += scanned.spans.count
            #expect(scanned.faultOffset <= bytes.count)
            #expect(decodes(scanned), "decoding fails for \(bytes)")
        }
        #expect(accepted > 3_000)
    }

    /// All kinds of fields and values.
    private func richRequest() -> [UInt8] {
        WireWriter.request { scope in
            for number in 1...3 as ClosedRange<UInt8> {
                scope.span(trace: 1, span: number) { span in
                    span.string(3, "vendor=1")
                    span.sized(4, Array(repeating: 9, count: 8))
                    span.number(6, 3)
                    span.fixed64(7, 1)
                    span.attribute(9, "text", "Grüße, 世界")
                    span.message(9) { $0.sized(2, Nesting.maps.value(levels: 4)) }
                    span.message(9) { $0.message(2) { $0.message(5) { $0.message(1) { $0.number(3, .max) } } } }
                    span.message(9) { $0.message(2) { $0.fixed64(4, 0) } }
                    span.message(9) { $0.message(2) { $0.number(2, 1) } }
                    span.message(9) { $0.message(2) { $0.sized(7, [0xFF]) } }
                    span.message(11) { $0.attribute(3, "event", "value") }
                    span.message(13) { $0.ids(trace: 4, span: 4) }
                    span.message(15) { $0.number(3, 2) }
                    span.fixed32(16, 0x101)
                }
            }
        }
    }
}

extension [UInt8] {
    fileprivate mutating func mutate(using random: inout SplitMix) {
        guard let place = indices.randomElement(using: &random) else { return }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: self[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: self[place] = .random(in: .min ... .max, using: &random)
        case 2: self[place] = ([0, 1, 0x0A, 0x12, 0x7F, 0x80, 0xFF] as [UInt8]).randomElement(using: &random) ?? 0
        case 3: self[place] &+= 1
        case 4: insert(self[place], at: place)
        default: remove(at: place)
        }
    }
}

/// A small generator with a seed, so that a failure can be repeated.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
