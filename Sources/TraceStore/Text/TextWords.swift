// TextWords.swift - the words of a text, as they are indexed and searched.

/// Cuts texts into words: letters and digits are kept, everything else stands between two words.
///
/// ASCII is made lower case here, other letters and their accents are folded by SQLite. Scripts without spaces give each
/// pair of neighbours (`天気予報` is `天気`, `気予`, `予報`, and `報` alone at the end), so that every piece of them is found.
public enum TextWords {
    /// Longer words, in bytes, are left out.
    public static let maxWordBytes = 64
    /// Longer runs of what base64 and hexadecimal digits are made of, in bytes, are left out.
    public static let maxRunBytes = 128

    /// Calls `body` with each word in the order of the text.
    ///
    /// - Parameters:
    ///   - text: Valid UTF-8.
    ///   - body: Gets the bytes of a word, valid only until it returns; never empty. False ends the walk.
    public static func forEach(
        in text: UnsafeBufferPointer<UInt8>,
        _ body: (UnsafeBufferPointer<UInt8>) -> Bool
    ) {
        var walk = Walk(text: text)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: maxWordBytes) { walk.run(into: $0, body) }
    }

    /// Whether a word is of a script that is written without spaces.
    static func isUnspaced(_ word: String) -> Bool {
        word.unicodeScalars.first.map { Walk.kind(of: $0.value) == .unspaced } ?? false
    }
}

/// What a byte or scalar is to the walk.
private enum Kind {
    case space, letter, unspaced
}

/// One walk over one text.
private struct Walk {
    let text: UnsafeBufferPointer<UInt8>
    var place = 0
    /// Up to where the run is known to be short.
    var checked = 0
    /// Bytes of the word so far; more than fit once it is too long.
    var count = 0
    /// The scalar of a script without spaces that stands right before; its bytes in `text`.
    var before: Range<Int>?

    mutating func run(
        into word: UnsafeMutableBufferPointer<UInt8>,
        _ body: (UnsafeBufferPointer<UInt8>) -> Bool
    ) {
        Bytes.letters.withUnsafeBufferPointer { letters in
            while place < text.count {
                let byte = text[place]
                if byte >= 128 {
                    guard scalar(word, body) else { return }
                } else {
                    if before != nil, !endUnspaced(body) { return }
                    if letters[Int(byte)] != 0 {
                        letterRun(letters, into: word)
                    } else {
                        place += 1
                        if count > 0, !end(word, body) { return }
                    }
                }
            }
            _ = endUnspaced(body) && end(word, body)
        }
    }

    /// Takes the ASCII letters and digits from the place on.
    @inline(__always)
    private mutating func letterRun(
        _ letters: UnsafeBufferPointer<UInt8>,
        into word: UnsafeMutableBufferPointer<UInt8>
    ) {
        let start = place
        while place < text.count {
            let letter = letters[Int(text[place])]
            guard letter != 0 else { break }
            if count < word.count { word[count] = letter }
            count &+= 1
            place &+= 1
        }
        // What is longer without any sign is no word either way.
        if start >= checked, place < text.count, text[place].isRun { passLongRun(from: start) }
    }

    /// Leaves out a long run of the digits of base64.
    private mutating func passLongRun(from start: Int) {
        var end = place
        while end < text.count, text[end].isRun { end += 1 }
        checked = end
        guard end - start > TextWords.maxRunBytes else { return }
        place = end
        count = 0
    }

    private mutating func scalar(
        _ word: UnsafeMutableBufferPointer<UInt8>,
        _ body: (UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Bool {
        let (value, length) = decoded()
        let bytes = place..<place + length
        place += length
        switch Self.kind(of: value) {
        case .space:
            return endUnspaced(body) && end(word, body)
        case .letter:
            guard endUnspaced(body) else { return false }
            if count + length <= word.count {
                for offset in bytes { word[count + offset - bytes.lowerBound] = text[offset] }
            }
            count += length
            return true
        case .unspaced:
            guard end(word, body) else { return false }
            defer { before = bytes }
            guard let before else { return true }
            return body(UnsafeBufferPointer(rebasing: text[before.lowerBound..<bytes.upperBound]))
        }
    }

    private mutating func end(
        _ word: UnsafeMutableBufferPointer<UInt8>,
        _ body: (UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Bool {
        defer { count = 0 }
        guard count > 0, count <= word.count else { return true }
        return body(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(word)[..<count]))
    }

    private mutating func endUnspaced(_ body: (UnsafeBufferPointer<UInt8>) -> Bool) -> Bool {
        guard let last = before else { return true }
        before = nil
        return body(UnsafeBufferPointer(rebasing: text[last]))
    }

    /// The scalar at the place; one byte that is no letter where the text is no UTF-8.
    private func decoded() -> (value: UInt32, length: Int) {
        let first = UInt32(text[place])
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard first >= 0xC2, place + length <= text.count else { return (0, 1) }
        var value = first & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
        for offset in 1..<length {
            let next = UInt32(text[place + offset])
            guard next & 0xC0 == 0x80 else { return (0, 1) }
            value = value << 6 | next & 0x3F
        }
        return (value, length)
    }

    static func kind(of value: UInt32) -> Kind {
        switch value {
        case 0..<0x80: UInt8(value).isWord ? .letter : .space
        case 0xC0..<0x250: value == 0xD7 || value == 0xF7 ? .space : .letter
        case 0x370..<0x530: property(value)
        case 0x2000..<0x2070: .space
        // Thai and Lao, Burmese, Khmer; kana, bopomofo, Han, Hangul, and what is kept for compatibility.
        case 0xE00..<0xF00, 0x1000..<0x10A0, 0x1780..<0x1800, 0x3005..<0x3008, 0x3041..<0x3100, 0x3105..<0x3130,
            0x31A0..<0x31C0,
            0x31F0..<0x3200, 0x3400..<0x4DC0, 0x4E00..<0xA000, 0xAC00..<0xD7A4, 0xF900..<0xFB00, 0xFF66..<0xFFA0,
            0x20000..<0x3FFFE:
            .unspaced
        default: property(value)
        }
    }

    private static func property(_ value: UInt32) -> Kind {
        guard let scalar = Unicode.Scalar(value) else { return .space }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .decimalNumber, .letterNumber, .otherNumber, .privateUse:
            return .letter
        default:
            return .space
        }
    }
}

private enum Bytes {
    /// ASCII letters and digits in lower case, 0 for everything else.
    static let letters: [UInt8] = (0...255).map { byte in
        let byte = UInt8(byte)
        return byte < 128 && byte.isWord ? byte.lowercased : 0
    }
}

extension UInt8 {
    @inline(__always)
    fileprivate var isWord: Bool {
        (self | 0x20) &- UInt8(ascii: "a") < 26 || self &- UInt8(ascii: "0") < 10
    }

    /// Whether base64 in any alphabet has this digit.
    @inline(__always)
    fileprivate var isRun: Bool {
        isWord || self == UInt8(ascii: "+") || self == UInt8(ascii: "/") || self == UInt8(ascii: "=")
            || self == UInt8(ascii: "-") || self == UInt8(ascii: "_")
    }

    @inline(__always)
    fileprivate var lowercased: UInt8 {
        self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self
    }
}
