// DisplayWidth.swift - how many columns text takes in a terminal.

extension Unicode.Scalar {
    /// Columns of a terminal: 0 for what joins the character before, 2 for wide ones (UAX #11), else 1.
    var columns: Int {
        if value < 0x300 { return 1 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        // Vowels and finals of Korean syllables written in parts stand in the square of the first letter.
        if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
        return properties.isEmojiPresentation || Self.isWide(value) ? 2 : 1
    }

    /// The ranges of East Asian Width W and F that are no emoji.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF,
        0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
        0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x1F300...0x1F320,
        0x20000...0x3FFFD,
    ]

    private static func isWide(_ value: UInt32) -> Bool {
        value >= 0x1100 && wide.contains { $0.contains(value) }
    }
}

extension Character {
    /// Columns of a terminal.
    ///
    /// What is joined to one sign stands in the place of its widest part.
    var columns: Int {
        var widest = 0
        for scalar in unicodeScalars {
            // "Show the one before as an emoji."
            if scalar.value == 0xFE0F { return 2 }
            widest = max(widest, scalar.columns)
        }
        return widest
    }
}

extension StringProtocol {
    /// Columns of a terminal; of text without control characters.
    var columns: Int {
        if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
        return reduce(0) { $0 + $1.columns }
    }
}

extension String {
    /// The text in so many columns at most; `…` stands for what is left out.
    func fitted(to width: Int) -> String {
        guard columns > width else { return self }
        guard width > 0 else { return "" }
        var used = 0
        var fitted = ""
        for character in self {
            guard used + character.columns < width else { break }
            used += character.columns
            fitted.append(character)
        }
        return fitted + "…"
    }

    /// The text with spaces up to so many columns.
    func padded(to width: Int, isRight: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - columns))
        return isRight ? space + self : self + space
    }
}
