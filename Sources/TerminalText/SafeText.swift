// SafeText.swift - text from outside, made fit for a terminal.

/// Makes text of strangers harmless: nothing in it moves the cursor, sets a colour, or turns the order of letters.
public enum SafeText {
    /// Marks that one character may carry; more are left out.
    private static let mostScalars = 16

    /// One line in which control characters, marks of direction and invisible characters are shown as escapes.
    ///
    /// - Parameter text: Any text.
    /// - Returns: `\n`, `\r` and `\t` as two characters, others such as `\u{1B}`.
    public static func line(_ text: String) -> String {
        // Most names need nothing.
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        var safe = String.UnicodeScalarView()
        var isFirst = true
        for character in text {
            for scalar in character.unicodeScalars.prefix(mostScalars) {
                if isHarmless(scalar), !(isFirst && isJoining(scalar)) {
                    safe.append(scalar)
                } else {
                    safe.append(contentsOf: escape(scalar).unicodeScalars)
                }
                isFirst = false
            }
        }
        return String(safe)
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        // Joiners make letters and emoji of several; other invisible ones hide or turn text.
        case .format: scalar.value == 0x200D || scalar.value == 0x200C
        default: true
        }
    }

    /// At the start such a mark would join what stands before the text.
    private static func isJoining(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark, .format: true
        default: false
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }
    }
}
