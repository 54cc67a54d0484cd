// SymbolTable.swift - strings of one trace as small integers.

import TraceModel

/// A string of a `SymbolTable`; `none` stands for no string.
struct Symbol: Hashable {
    var rawValue: UInt32

    static let none = Symbol(rawValue: 0)

    var isNone: Bool { rawValue == 0 }
}

/// The distinct strings of one trace, each kept once and compared by its bytes.
struct SymbolTable {
    private var entries = ContiguousArray<(key: UInt64, string: String)>()
    private var index: [Text: UInt32] = [:]
    private var textBytes = 0

    /// Above so many strings a dictionary finds them.
    private static let scanLimit = 16

    var byteCount: Int {
        textBytes + entries.capacity * 24 + index.capacity * 24
    }

    /// The text of a symbol; nil for `none`.
    subscript(symbol: Symbol) -> String? {
        symbol.isNone ? nil : entries[Int(symbol.rawValue) - 1].string
    }

    /// The symbol of a string, made on first use; `hint` is likely to be the one and tried first.
    mutating func symbol(for string: String?, hint: Symbol) -> Symbol {
        guard let string else { return .none }
        let text = Text(string: string)
        let key = text.key
        if !hint.isNone, isSame(Int(hint.rawValue) - 1, text, key) { return hint }
        if let known = find(text, key) { return known }
        if entries.isEmpty { entries.reserveCapacity(8) }
        entries.append((key, string))
        textBytes += string.utf8.count > 15 ? string.utf8.count + 32 : 0
        let symbol = UInt32(entries.count)
        if entries.count == Self.scanLimit + 1 {
            for (offset, known) in entries.enumerated() { index[Text(string: known.string)] = UInt32(offset + 1) }
        } else if entries.count > Self.scanLimit {
            index[text] = symbol
        }
        return Symbol(rawValue: symbol)
    }

    private func find(_ text: Text, _ key: UInt64) -> Symbol? {
        if entries.count > Self.scanLimit { return index[text].map(Symbol.init(rawValue:)) }
        for offset in entries.indices where isSame(offset, text, key) { return Symbol(rawValue: UInt32(offset + 1)) }
        return nil
    }

    private func isSame(_ offset: Int, _ text: Text, _ key: UInt64) -> Bool {
        entries[offset].key == key && (text.isShort || Text(string: entries[offset].string) == text)
    }
}

/// A string compared by its bytes, so that no text stands for another one which only looks the same.
private struct Text: Hashable {
    let string: String

    /// Whether the key says all.
    var isShort: Bool { string.utf8.count <= 7 }

    /// Length, first and last bytes in eight bytes; of up to seven bytes all of them.
    var key: UInt64 {
        withBytes { bytes in
            var key = UInt64(truncatingIfNeeded: bytes.count) & 0xFF
            guard bytes.count > 7 else {
                for byte in bytes { key = key << 8 | UInt64(byte) }
                return key
            }
            let head = bytes.loadUnaligned(as: UInt64.self)
            let tail = bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)
            key |= 1 << 63
            return key ^ (head &* 0x9E37_79B9_7F4A_7C15) >> 1 ^ (tail &* 0xC2B2_AE3D_27D4_EB4F) >> 1
        }
    }

    static func == (left: Text, right: Text) -> Bool {
        guard left.string.utf8.count == right.string.utf8.count else { return false }
        return left.withBytes { leftBytes in
            right.withBytes { rightBytes in leftBytes.hasSameBytes(as: rightBytes) }
        }
    }

    func hash(into hasher: inout Hasher) {
        withBytes { hasher.combine(bytes: $0) }
    }

    private func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let result = string.utf8.withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) }
        return result ?? Array(string.utf8).withUnsafeBytes(body)
    }
}
