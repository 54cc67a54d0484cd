// TextQuery.swift - what somebody searches for.

import TraceModel

/// Words that all have to be in one document.
public struct TextQuery: Sendable, Equatable {
    /// One word.
    public struct Word: Sendable, Equatable {
        /// As `TextWords` cuts it, so without space, quotes and signs.
        public var text: String
        /// Whether words that only begin with it match too.
        public var isPrefix: Bool

        /// Makes a word.
        public init(_ text: String, isPrefix: Bool = false) {
            self.text = text
            self.isPrefix = isPrefix
        }
    }

    /// The most words of a query.
    public static let maxWords = 16
    /// The most bytes of a query.
    public static let maxBytes = 1024

    /// The words in the order of the query, none twice.
    public let words: [Word]

    /// Reads what a user wrote: words, of which one with `*` behind it stands for all that begin so.
    ///
    /// Quotes and signs only separate words: all words have to be there, in any order.
    ///
    /// - Parameter text: What the user wrote.
    /// - Throws: `StoreError` with code `invalid` when there is no word in it, or too many.
    public init(_ text: String) throws(StoreError) {
        guard text.utf8.count <= Self.maxBytes else {
            throw StoreError(
                code: .invalid,
                message: "a search text has at most \(Self.maxBytes) bytes, this one has \(text.utf8.count)"
            )
        }
        var words: [Word] = []
        var pieces = 0
        for chunk in text.split(whereSeparator: \.isWhitespace) {
            let found = Self.words(in: chunk)
            pieces += found.isEmpty ? 0 : 1
            for word in found where !words.contains(word) { words.append(word) }
        }
        guard !words.isEmpty else {
            throw StoreError(
                code: .invalid,
                message: "a search text needs a word: letters or digits, at most \(TextWords.maxWordBytes) bytes long"
            )
        }
        // Scripts without spaces give many pairs for what is one word to its reader.
        guard pieces <= Self.maxWords, words.count <= Self.maxWords * 4 else {
            throw StoreError(code: .invalid, message: "a search text has at most \(Self.maxWords) words")
        }
        self.words = words
    }

    /// The words of a piece without space.
    private static func words(in chunk: Substring) -> [Word] {
        var found: [String] = []
        var text = String(chunk)
        text.withUTF8 { utf8 in
            TextWords.forEach(in: utf8) { word in
                found.append(String(decoding: word, as: UTF8.self))
                return true
            }
        }
        var words: [Word] = []
        for (place, word) in found.enumerated() {
            let isSingle = word.unicodeScalars.count == 1 && TextWords.isUnspaced(word)
            // The last one of a run is in the pair before; alone it begins pairs.
            if isSingle, place > 0, found[place - 1].hasSuffix(word), TextWords.isUnspaced(found[place - 1]) {
                continue
            }
            words.append(Word(word, isPrefix: isSingle))
        }
        let bare = chunk.last == "\"" ? chunk.dropLast() : chunk
        if bare.last == "*", !words.isEmpty { words[words.count - 1].isPrefix = true }
        return words
    }

    /// The query in the language of FTS5: quoted words, so that nothing in them has a meaning there.
    public var expression: String {
        words.map { "\"\($0.text)\"" + ($0.isPrefix ? "*" : "") }.joined(separator: " AND ")
    }
}
