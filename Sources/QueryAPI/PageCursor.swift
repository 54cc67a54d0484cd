// PageCursor.swift - where the next page begins, as one opaque word.

import TraceModel

/// Where a page ends and which list it belongs to; opaque to clients.
///
/// 27 bytes in base64url: version, kind, zero, value, number, and a hash of everything that picks and orders the rows,
/// so that a cursor used with other filters is noticed instead of giving a wrong page.
struct PageCursor: Sendable, Equatable {
    /// What is paged.
    enum Kind: UInt8, Sendable {
        case traces = 1
        case spans = 2
        case session = 6
    }

    var kind: Kind
    /// The sort value of the last row.
    var value: Int64
    /// Which of the rows with that value it is.
    var number: Int64
    /// Hash of filters and order.
    var filters: UInt64

    private static let version: UInt8 = 1

    /// The word that clients hand back.
    var text: String {
        var bytes: [UInt8] = [Self.version, kind.rawValue, 0]
        for word in [UInt64(bitPattern: value), UInt64(bitPattern: number), filters] {
            withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return CursorText.encode(bytes)
    }

    init(kind: Kind, value: Int64, number: Int64, filters: UInt64) {
        self.kind = kind
        self.value = value
        self.number = number
        self.filters = filters
    }

    /// Reads a word that `text` made; throws for anything else.
    init(_ text: String, kind: Kind) throws(APIError) {
        guard let bytes = CursorText.decode(text, count: 27) else { throw CursorText.malformed }
        guard bytes[0] == Self.version, bytes[1] == kind.rawValue, bytes[2] == 0 else {
            throw CursorText.malformed
        }
        let words = stride(from: 3, to: 27, by: 8).map { bytes[$0..<$0 + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        self.init(
            kind: kind,
            value: Int64(bitPattern: words[0]),
            number: Int64(bitPattern: words[1]),
            filters: words[2]
        )
    }

    /// Hashes a list of conditions; the same for the same conditions in every process (FNV-1a, 64 bit).
    static func hash(_ conditions: [String?]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        for condition in conditions {
            // Neither byte occurs in UTF-8, so that no text can pass for two.
            mix(condition == nil ? 0xFE : 0xFF)
            for byte in (condition ?? "").utf8 { mix(byte) }
        }
        return hash
    }
}
