// CursorText.swift - bytes as one word that clients hand back, and its form for calls.

import TraceModel
import TraceStore

/// Bytes as one word of base64url, three bytes to four letters.
enum CursorText {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Why a word is not taken.
    static let malformed = APIError.invalid(
        "cursor",
        "the cursor is malformed; take it from 'next_cursor' of the page before"
    )

    /// The word for some bytes, whose number is a multiple of three.
    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<start + 3].reduce(0) { $0 << 8 | Int($1) }
            for shift in [18, 12, 6, 0] { text.append(digits[group >> shift & 63]) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a word; nil when it is none of so many bytes.
    static func decode(_ text: String, count: Int) -> [UInt8]? {
        guard text.utf8.count == count / 3 * 4 else { return nil }
        var bytes: [UInt8] = []
        var group = 0
        for (place, digit) in text.utf8.enumerated() {
            guard let value = digits.firstIndex(of: digit) else { return nil }
            group = group << 6 | value
            guard place % 4 == 3 else { continue }
            for shift in [16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: group >> shift)) }
            group = 0
        }
        return bytes
    }
}

/// Where a page of calls ends, and which list it belongs to; opaque to clients.
///
/// 42 bytes: version, kind, value, trace, span, and a hash of everything that picks and orders the rows.
struct CallCursor: Sendable, Equatable {
    var position: CallPosition
    var filters: UInt64

    private static let head: [UInt8] = [1, 3]

    init(position: CallPosition, filters: UInt64) {
        self.position = position
        self.filters = filters
    }

    /// The word that clients hand back.
    var text: String {
        var bytes = Self.head
        for word in [
            UInt64(bitPattern: position.value), position.traceID.high, position.traceID.low, position.spanID.value,
            filters,
        ] {
            withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return CursorText.encode(bytes)
    }

    /// Reads a word that `text` made; throws for anything else.
    init(_ text: String) throws(APIError) {
        guard let bytes = CursorText.decode(text, count: 42), Array(bytes.prefix(2)) == Self.head else {
            throw CursorText.malformed
        }
        let words = stride(from: 2, to: 42, by: 8).map { bytes[$0..<$0 + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        position = CallPosition(
            value: Int64(bitPattern: words[0]),
            traceID: TraceID(high: words[1], low: words[2]),
            spanID: SpanID(words[3])
        )
        filters = words[4]
    }
}
