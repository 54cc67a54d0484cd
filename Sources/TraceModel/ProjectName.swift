// ProjectName.swift - what a project may be called.

/// What a project may be called: 1 to 128 bytes of printable UTF-8.
public enum ProjectName {
    /// The longest name in bytes.
    public static let longest = 128
    /// Where spans go that name no project.
    public static let standard = "default"

    /// Why a name cannot be used, as the end of a sentence that begins with it; nil when it can.
    public static func problem(_ name: String) -> String? {
        let size = name.utf8.count
        guard (1...longest).contains(size) else { return "is \(size) bytes, 1 to \(longest) are allowed" }
        guard name.unicodeScalars.allSatisfy(\.isPrintable) else { return "is not printable UTF-8" }
        return nil
    }
}

extension Unicode.Scalar {
    /// Whether it shows, or is a space; no control, no mark of direction.
    fileprivate var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        // What stands for bytes that were no UTF-8.
        default: self != "\u{FFFD}"
        }
    }
}
