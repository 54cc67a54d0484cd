// ImportBuffer.swift - the bytes of a file that are looked at.

/// A window on a file that is moved forward: bytes before it are gone, bytes behind it come when they are asked for.
struct ImportBuffer {
    private let source: ImportSource
    private var bytes: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    /// The place of the window's start in the file, after decompression.
    private(set) var offset = 0

    init(_ source: ImportSource) {
        self.source = source
    }

    /// Bytes in the window.
    var count: Int { bytes.count - start }

    /// A byte of the window.
    subscript(place: Int) -> UInt8 { bytes[start + place] }

    /// Makes sure that the window has so many bytes; false when the file has fewer.
    mutating func fill(_ wanted: Int) throws(ImportError) -> Bool {
        while count < wanted {
            guard try grow() else { return false }
        }
        return true
    }

    /// Adds bytes to the window; false at the end of the file.
    mutating func grow() throws(ImportError) -> Bool {
        guard !isAtEnd, let more = try source.next() else {
            isAtEnd = true
            return false
        }
        if start > 0 {
            bytes.removeFirst(start)
            start = 0
        }
        bytes += more
        return true
    }

    /// Takes bytes from the start of the window; they must be there.
    mutating func take(_ length: Int) -> ArraySlice<UInt8> {
        let taken = bytes[start..<start + length]
        start += length
        offset += length
        return taken
    }

    /// The place of a byte in the window, from `place` on; nil when the window has none.
    func firstIndex(of byte: UInt8, from place: Int) -> Int? {
        bytes[(start + place)...].firstIndex(of: byte).map { $0 - start }
    }
}
