// DocumentWords.swift - the distinct words of one document.

import TraceModel
import TraceStore

/// Collects the words of texts, each once: the index knows which document has a word, not how often.
struct DocumentWords {
    /// Bytes of distinct words that one document has at most; what comes later in it is not found.
    static let maxBytes = 256 << 10

    private(set) var bytes: [UInt8] = []
    /// The hashes of the words so far, in an open table; a place is taken when its stamp is the present one.
    private var hashes = [UInt64](repeating: 0, count: 1024)
    private var stamps = [UInt32](repeating: 0, count: 1024)
    private var stamp: UInt32 = 1
    private var count = 0

    /// Adds the words of a text.
    mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
        guard bytes.count < Self.maxBytes else { return }
        TextWords.forEach(in: text) { word in
            if insert(AttributeHash.hash(word, seed: 0)) {
                if !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
                bytes.append(contentsOf: word)
            }
            return bytes.count < Self.maxBytes
        }
    }

    /// Gives the words, with a space between two, and starts anew.
    mutating func take() -> [UInt8] {
        defer {
            bytes = []
            count = 0
            stamp &+= 1
            if stamp == 0 || hashes.count > 1 << 16 { self = DocumentWords() }
        }
        return bytes
    }

    private mutating func insert(_ hash: UInt64) -> Bool {
        if count * 2 >= hashes.count { grow() }
        let mask = hashes.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while stamps[place] == stamp {
            if hashes[place] == hash { return false }
            place = (place + 1) & mask
        }
        hashes[place] = hash
        stamps[place] = stamp
        count += 1
        return true
    }

    private mutating func grow() {
        let old = zip(hashes, stamps).filter { $0.1 == stamp }.map(\.0)
        hashes = [UInt64](repeating: 0, count: hashes.count * 4)
        stamps = [UInt32](repeating: 0, count: hashes.count)
        stamp = 1
        count = 0
        for hash in old { _ = insert(hash) }
    }
}
