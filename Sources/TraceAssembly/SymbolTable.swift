// SymbolTable.swift - strings of one trace as small integers.

/// A string of a `SymbolTable`; `none` stands for no string.
struct Symbol: Hashable {
    var rawValue: UInt32

    static let none = Symbol(rawValue: 0)

    var isNone: Bool { rawValue == 0 }
}

/// The distinct strings of one trace, each kept once.
struct SymbolTable {
    private var strings = ContiguousArray<String>()
    private var index: [Text: UInt32] = [:]
    private var textBytes = 0

    /// Above so many strings a dictionary finds them.
    private static let scanLimit = 16

    var byteCount: Int {
        textBytes + strings.capacity * 16 + index.capacity * 24
    }

    /// The text of a symbol; nil for `none`.
    subscript(symbol: Symbol) -> String? {
        symbol.isNone ? nil : strings[Int(symbol.rawValue) - 1]
    }

    /// The symbol of a string, made on first use.
    ///
    /// - Parameter hint: A symbol that is likely to be the one, tried first.
    mutating func symbol(for text: String?, hint: Symbol) -> Symbol {
        guard let text else { return .none }
        if !hint.isNone, Text(strings[Int(hint.rawValue) - 1]) == Text(text) { return hint }
        if let known = find(text) { return known }
        strings.append(text)
        textBytes += text.utf8.count > 15 ? text.utf8.count + 32 : 0
        let symbol = UInt32(strings.count)
        if strings.count == Self.scanLimit + 1 {
            for (offset, string) in strings.enumerated() { index[Text(string)] = UInt32(offset + 1) }
        } else if strings.count > Self.scanLimit {
            index[Text(text)] = symbol
        }
        return Symbol(rawValue: symbol)
    }

    private func find(_ text: String) -> Symbol? {
        if strings.count > Self.scanLimit { return index[Text(text)].map(Symbol.init(rawValue:)) }
        for offset in strings.indices where Text(strings[offset]) == Text(text) {
            return Symbol(rawValue: UInt32(offset + 1))
        }
        return nil
    }
}

/// A string compared by its bytes, so that no text stands for another one which only looks the same.
private struct Text: Hashable {
    private let string: String

    init(_ string: String) {
        self.string = string
    }

    static func == (left: Text, right: Text) -> Bool {
        guard left.string.utf8.count == right.string.utf8.count else { return false }
        return left.withBytes { leftBytes in
            right.withBytes { rightBytes in leftBytes.isEqual(to: rightBytes) }
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

extension UnsafeRawBufferPointer {
    /// Compares with a buffer of the same length, eight bytes at a time.
    fileprivate func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        while offset + 8 <= count {
            let left = loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard left == other.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else { return false }
            offset += 8
        }
        while offset < count {
            guard self[offset] == other[offset] else { return false }
            offset += 1
        }
        return true
    }
}
