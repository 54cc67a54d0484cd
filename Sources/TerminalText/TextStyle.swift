// TextStyle.swift - where text is shown, and its colours.

/// Where text is shown.
public struct TextPlace: Sendable {
    /// Columns; nil when nothing has to fit, as in a file or pipe.
    public var width: Int?
    /// Whether colours are shown.
    public var hasColours: Bool
    /// Seconds to add to UTC for the time shown, at a moment in seconds since the Unix epoch.
    public var offset: @Sendable (Int64) -> Int

    /// Makes a place.
    ///
    /// - Parameters:
    ///   - width: Columns; nil when nothing has to fit.
    ///   - hasColours: Whether colours are shown.
    ///   - offset: Seconds to add to UTC at a moment. Default: none.
    public init(width: Int?, hasColours: Bool = false, offset: @escaping @Sendable (Int64) -> Int = { _ in 0 }) {
        self.width = width
        self.hasColours = hasColours
        self.offset = offset
    }
}

/// A colour or weight of text (ECMA-48, SGR).
enum TextStyle: String {
    case plain = ""
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case blue = "34"
    case cyan = "36"

    /// The text in this style, where there are colours.
    func apply(_ text: String, _ place: TextPlace) -> String {
        guard place.hasColours, self != .plain, !text.isEmpty else { return text }
        return "\u{1B}[\(rawValue)m\(text)\u{1B}[0m"
    }
}
