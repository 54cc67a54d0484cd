// OwnerCursor.swift - where a page of sessions or users ends, as one opaque word.

import TraceModel
import TraceStore

/// Where a page of sessions or users ends, and which list it belongs to; opaque to clients.
///
/// 36 bytes: version, kind, two zeros, start and number of the newest trace of the last row, the newest trace there was
/// at the first page, and a hash of everything that picks the rows.
struct OwnerCursor: Sendable, Equatable {
    var owner: TraceOwner
    var position: OwnerPosition
    var filters: UInt64

    init(owner: TraceOwner, position: OwnerPosition, filters: UInt64) {
        self.owner = owner
        self.position = position
        self.filters = filters
    }

    private static func head(_ owner: TraceOwner) -> [UInt8] { [1, owner == .session ? 4 : 5, 0, 0] }

    /// The word that clients hand back.
    var text: String {
        var bytes = Self.head(owner)
        for word in [position.trace.value, position.trace.number, position.newest, Int64(bitPattern: filters)] {
            withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return CursorText.encode(bytes)
    }

    /// Reads a word that `text` made; throws for anything else.
    init(_ text: String, owner: TraceOwner) throws(APIError) {
        guard let bytes = CursorText.decode(text, count: 36), Array(bytes.prefix(4)) == Self.head(owner) else {
            throw CursorText.malformed
        }
        let words = stride(from: 4, to: 36, by: 8).map { start in
            Int64(bitPattern: bytes[start..<start + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
        self.owner = owner
        position = OwnerPosition(trace: TracePosition(value: words[0], number: words[1]), newest: words[2])
        filters = UInt64(bitPattern: words[3])
    }
}
