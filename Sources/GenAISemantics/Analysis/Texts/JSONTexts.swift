// JSONTexts.swift - the texts in JSON, without building its values.

import TraceModel

/// Walks over values and collects the texts in them; JSON gives its strings and numbers without the names of members.
///
/// Takes time linear to the length of what it walks over, for each of the `deepestText` levels of JSON inside strings.
struct JSONTexts {
    /// How deep strings that hold JSON are opened.
    private static let deepestText = 4
    /// How deep a message is below its value; what is deeper belongs to the content.
    private static let deepestMessage = 6

    private let form: SearchedAttributes.Form

    init(_ form: SearchedAttributes.Form) {
        self.form = form
    }

    /// Collects what a text holds: its parts if it is JSON, else all of it.
    func collect(_ text: UnsafeBufferPointer<UInt8>, into texts: inout TextList) {
        collect(text, depth: 0, into: &texts)
    }

    private func collect(_ text: UnsafeBufferPointer<UInt8>, depth: Int, into texts: inout TextList) {
        guard let first = text.first(where: { $0 > 0x20 }) else { return }
        let looksOpen = first == UInt8(ascii: "[") || first == UInt8(ascii: "{") || (depth == 0 && first == Walk.quote)
        guard looksOpen, depth < Self.deepestText else { return texts.append(text) }
        var walk = Walk(text: text, isMessage: form == .messages && depth == 0)
        let isJSON = walk.run { string, isEscaped in
            guard isEscaped else { return collect(string, depth: depth + 1, into: &texts) }
            JSONEscapes.withDecoded(string) { collect($0, depth: depth + 1, into: &texts) }
        }
        // What was collected by then is in it as well.
        if !isJSON { texts.append(text) }
    }

    /// One walk over one text.
    private struct Walk {
        static let quote = UInt8(ascii: "\"")
        private static let backslash = UInt8(ascii: "\\")

        let text: UnsafeBufferPointer<UInt8>
        /// Whether the names of members are those of messages.
        let isMessage: Bool
        private var place = 0
        private var depth = 0
        /// One bit for each level that is an object, the innermost the lowest.
        private var objects: UInt64 = 0
        private var awaitsName = false
        private var name = TextName.content
        /// The level in which nothing is collected.
        private var hidden = Int.max

        init(text: UnsafeBufferPointer<UInt8>, isMessage: Bool) {
            self.text = text
            self.isMessage = isMessage
        }

        /// Gives each text to `take`, with whether it has escapes; false when this is no JSON.
        mutating func run(_ take: (UnsafeBufferPointer<UInt8>, Bool) -> Void) -> Bool {
            while place < text.count {
                switch text[place] {
                case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ":"): place += 1
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    guard open() else { return false }
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    guard close() else { return false }
                case UInt8(ascii: ","):
                    guard depth > 0 else { return false }
                    place += 1
                    name = .content
                    awaitsName = objects & 1 == 1
                case Self.quote:
                    guard string(take) else { return false }
                default:
                    guard scalar(take) else { return false }
                }
            }
            return depth == 0
        }

        private mutating func open() -> Bool {
            guard depth < JSONLimit.depth - 1, !awaitsName else { return false }
            if hidden == Int.max, name == .machine || (name == .offer && depth <= 2) { hidden = depth }
            let isObject = text[place] == UInt8(ascii: "{")
            objects = objects << 1 | (isObject ? 1 : 0)
            depth += 1
            awaitsName = isObject
            name = .content
            place += 1
            return true
        }

        private mutating func close() -> Bool {
            guard depth > 0 else { return false }
            depth -= 1
            objects >>= 1
            if depth <= hidden { hidden = Int.max }
            awaitsName = false
            name = .content
            place += 1
            return true
        }

        private mutating func string(_ take: (UnsafeBufferPointer<UInt8>, Bool) -> Void) -> Bool {
            let start = place + 1
            guard let (end, isEscaped) = endOfString(from: start) else { return false }
            place = end + 1
            let string = UnsafeBufferPointer(rebasing: text[start..<end])
            if awaitsName {
                awaitsName = false
                name = isMessage && depth <= JSONTexts.deepestMessage ? TextName.of(string) : .content
            } else if hidden == Int.max, !name.hides(string) {
                take(string, isEscaped)
            }
            return true
        }

        /// Where the closing quote is, and whether a backslash stands before it.
        private func endOfString(from start: Int) -> (end: Int, isEscaped: Bool)? {
            var from = start
            var isEscaped = false
            // The next quote is looked for only when the last one is behind: strings may have very many escapes.
            var quote: Int?
            while from < text.count {
                if quote.map({ $0 < from }) ?? true { quote = text[from...].firstIndex(ofByte: Self.quote) }
                guard let end = quote else { return nil }
                guard let escape = text[from..<end].firstIndex(ofByte: Self.backslash) else { return (end, isEscaped) }
                isEscaped = true
                // What follows a backslash never ends the string.
                from = escape + 2
            }
            return nil
        }

        /// A number, a truth value or null.
        private mutating func scalar(_ take: (UnsafeBufferPointer<UInt8>, Bool) -> Void) -> Bool {
            let start = place
            guard !awaitsName else { return false }
            while place < text.count, text[place].isScalar { place += 1 }
            guard place > start else { return false }
            let first = text[start]
            let isNumber = first &- UInt8(ascii: "0") < 10 || first == UInt8(ascii: "-")
            // Lists of numbers are vectors, which nobody looks for; numbers of messages count tokens and places.
            if isNumber, objects & 1 == 1, hidden == Int.max, name == .content, !isMessage || depth > 3 {
                take(UnsafeBufferPointer(rebasing: text[start..<place]), false)
            }
            return isNumber || text[start..<place].isWord
        }
    }
}

extension UInt8 {
    fileprivate var isScalar: Bool {
        (self | 0x20) &- UInt8(ascii: "a") < 26 || self &- UInt8(ascii: "0") < 10 || self == UInt8(ascii: ".")
            || self == UInt8(ascii: "+") || self == UInt8(ascii: "-")
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    /// Whether this is a word of JSON, or one that Python writes into it.
    fileprivate var isWord: Bool {
        ["true", "false", "null", "NaN", "Infinity", "-Infinity"].contains { elementsEqual($0.utf8) }
    }
}
