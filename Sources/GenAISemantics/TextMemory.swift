// TextMemory.swift - texts that were read lately, for what begins like one of them.

/// Texts of the spans before and what was made of each, so that what a text begins with is read once for all of them.
struct TextMemory<Made> {
    /// A text and what was made of it.
    struct Kept {
        var text: [UInt8]
        var made: Made
    }

    private let mostTexts: Int
    private let mostBytes: Int
    /// Those that were used last stand last.
    private var kept: [Kept] = []
    /// Bytes of the texts that are kept.
    private(set) var bytesKept = 0

    /// Makes an empty memory for at most so many texts, of so many bytes in all.
    init(mostTexts: Int, mostBytes: Int) {
        self.mostTexts = mostTexts
        self.mostBytes = mostBytes
    }

    /// Takes out the text that begins most like another.
    ///
    /// - Parameters:
    ///   - text: The other.
    ///   - fits: Whether what was made serves for it.
    ///   - parts: How many parts of what was made are of the first bytes of its text, as many as are the same.
    /// - Returns: What was made, and its parts that both have in common; nil when there is none.
    mutating func take(
        _ text: UnsafeBufferPointer<UInt8>,
        where fits: (Made) -> Bool,
        parts: (_ made: Made, _ same: Int) -> Int
    ) -> (made: Made, parts: Int)? {
        var best: (place: Int, parts: Int)?
        for (place, each) in kept.enumerated() where fits(each.made) {
            let count = parts(each.made, text.commonPrefix(with: each.text))
            if count > best?.parts ?? 0 { best = (place, count) }
        }
        guard let best else { return nil }
        let taken = kept.remove(at: best.place)
        bytesKept -= taken.text.count
        return (taken.made, best.parts)
    }

    /// Keeps a text, which is not longer than all may be.
    mutating func keep(_ new: Kept) {
        while let first = kept.first, kept.count >= mostTexts || bytesKept + new.text.count > mostBytes {
            bytesKept -= first.text.count
            kept.removeFirst()
        }
        bytesKept += new.text.count
        kept.append(new)
    }

    /// Forgets some texts.
    mutating func removeAll(where isGone: (Made) -> Bool) {
        kept.removeAll { isGone($0.made) }
        bytesKept = kept.reduce(0) { $0 + $1.text.count }
    }
}

extension TextMemory.Kept: Sendable where Made: Sendable {}

extension UnsafeBufferPointer<UInt8> {
    /// How many bytes two texts have in common before they differ.
    func commonPrefix(with other: [UInt8]) -> Int {
        other.withUnsafeBytes { other in
            let text = UnsafeRawBufferPointer(self)
            let end = Swift.min(text.count, other.count)
            var at = 0
            while at + 8 <= end {
                let difference =
                    text.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                    ^ other.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                if difference != 0 { return at + difference.littleEndian.trailingZeroBitCount / 8 }
                at += 8
            }
            while at < end, text[at] == other[at] { at += 1 }
            return at
        }
    }
}
