// MaskedBytes.swift - the output of masking: written only from the first change of a message on.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

import TraceModel

/// The changed messages of a batch, one after the other.
///
/// A message is copied from its source piece by piece between its changes; one without a change costs nothing here.
/// The lengths of the messages around a change are written when these end, so `open` and `close` have to be told of
/// each of them.
struct MaskedBytes: ~Copyable {
    /// Up to this size a message is moved to make its length as short as it can be; above, padding is cheaper.
    private static let movedAtMost = 16 * 1024

    private struct OpenMessage {
        /// Where its length begins in the source.
        var lengthStart: Int
        /// Where its content begins in the source.
        var contentStart: Int
        /// Where its content begins in the output, once the length in front of it is there.
        var outputStart: Int
    }

    private let limit: Int
    private var base: UnsafeMutableRawPointer?
    private var capacity = 0
    /// Bytes written.
    private(set) var count = 0

    private var source = UnsafeRawBufferPointer(start: nil, count: 0)
    private var first = 0
    private var copied = 0
    private var open: [OpenMessage] = []
    /// How many of `open` have a place in the output.
    private var written = 0
    private var isChanged = false

    /// Starts empty.
    ///
    /// - Parameter limit: Bytes that all messages may come to together.
    init(limit: Int) {
        self.limit = limit
    }

    deinit {
        free(base)
    }

    /// Begins with the next message.
    mutating func begin(_ message: UnsafeRawBufferPointer) {
        source = message
        first = count
        copied = 0
        isChanged = false
        open.removeAll(keepingCapacity: true)
        written = 0
    }

    /// Notes that a nested message begins.
    @inline(__always)
    mutating func enter(lengthStart: Int, contentStart: Int) {
        open.append(OpenMessage(lengthStart: lengthStart, contentStart: contentStart, outputStart: -1))
    }

    /// Notes that the innermost nested message ends.
    @inline(__always)
    mutating func leave(at end: Int) throws(MaskFailure) {
        guard let message = open.popLast(), written > open.count else { return }
        written = open.count
        try copy(upTo: end)
        try finish(message)
    }

    /// Replaces a range of the source.
    mutating func replace(_ range: Range<Int>, with pieces: [[UInt8]]) throws(MaskFailure) {
        isChanged = true
        while written < open.count {
            try copy(upTo: open[written].lengthStart)
            let width = open[written].contentStart - open[written].lengthStart
            try reserve(width)
            count += width
            open[written].outputStart = count
            copied = open[written].contentStart
            written += 1
        }
        try copy(upTo: range.lowerBound)
        copied = range.upperBound
        for piece in pieces {
            try reserve(piece.count)
            piece.withUnsafeBytes { bytes in
                guard let base, let start = bytes.baseAddress else { return }
                memcpy(base + count, start, bytes.count)
            }
            count += piece.count
        }
    }

    /// Ends the message; gives the range of its bytes in the output, or nil when nothing was changed.
    mutating func end() throws(MaskFailure) -> Range<Int>? {
        guard isChanged else { return nil }
        try copy(upTo: source.count)
        return first..<count
    }

    /// Gives up the message that was begun.
    mutating func abandon() {
        count = first
    }

    /// A copy of a range of the output.
    func bytes(_ range: Range<Int>) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: base, count: count)[range])
    }

    /// Gives the bytes away and starts empty again.
    mutating func take() -> BatchStorage {
        let address = UInt(bitPattern: base)
        let storage = BatchStorage(bytes: UnsafeRawBufferPointer(start: base, count: count)) {
            free(UnsafeMutableRawPointer(bitPattern: address))
        }
        base = nil
        capacity = 0
        count = 0
        return storage
    }

    private mutating func copy(upTo end: Int) throws(MaskFailure) {
        let length = end - copied
        guard length > 0 else { return }
        try reserve(length)
        if let base, let start = source.baseAddress { memcpy(base + count, start + copied, length) }
        count += length
        copied = end
    }

    private mutating func reserve(_ size: Int) throws(MaskFailure) {
        guard count + size > capacity else { return }
        guard count + size <= limit else {
            throw MaskFailure(reason: "grow too much by what rules put into them")
        }
        let wanted = max(count + size, min(max(capacity * 2, 4096), limit))
        guard let moved = realloc(base, wanted) else {
            throw MaskFailure(reason: "could not be masked for want of memory")
        }
        base = moved
        capacity = wanted
    }

    /// Writes the length of a message that ends here.
    private mutating func finish(_ message: OpenMessage) throws(MaskFailure) {
        let length = count - message.outputStart
        var width = message.contentStart - message.lengthStart
        let needed = WireReader.width(of: length)
        if needed > width || (needed < width && length <= Self.movedAtMost) {
            if needed > width { try reserve(needed - width) }
            if let base { memmove(base + message.outputStart - width + needed, base + message.outputStart, length) }
            count += needed - width
            width = needed
        }
        guard let base else { return }
        let start = message.outputStart - (message.contentStart - message.lengthStart)
        var rest = length
        for place in 0..<width {
            let more: UInt8 = place + 1 < width ? 0x80 : 0
            base.storeBytes(
                of: UInt8(truncatingIfNeeded: rest & 0x7F) | more,
                toByteOffset: start + place,
                as: UInt8.self
            )
            rest >>= 7
        }
    }
}
