// RecentTexts.swift - names that come again and again, made once.

import TraceModel

/// The strings made last from bytes, so that a model's name is not allocated for each of its calls.
struct RecentTexts {
    private var texts: [String?] = Array(repeating: nil, count: 32)

    /// The bytes as a string, cut at `limit` bytes.
    mutating func string(_ bytes: UnsafeBufferPointer<UInt8>, cutAt limit: Int) -> String {
        guard bytes.count <= limit else { return String(bytes, cutAt: limit) }
        let place = UnsafeRawBufferPointer(bytes).spread & 31
        if let known = texts[place], known.hasBytes(bytes) { return known }
        let made = String(bytes, cutAt: limit)
        texts[place] = made
        return made
    }
}

extension String {
    fileprivate func hasBytes(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let isSame = utf8.withContiguousStorageIfAvailable {
            UnsafeRawBufferPointer($0).hasSameBytes(as: UnsafeRawBufferPointer(bytes))
        }
        return isSame ?? false
    }
}
