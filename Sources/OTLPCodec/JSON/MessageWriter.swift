// MessageWriter.swift - protobuf output whose length prefixes are written when a message ends.

import TraceModel

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One growing buffer of protobuf bytes.
///
/// The length of a message is known only at its end, so `open` leaves a slot for it. A slot that turns out too narrow
/// is widened by moving what follows, and with it every enclosing slot that is too narrow already: a long string costs
/// one move, not one for each message around it. Writing needs room that `reserve` has made.
struct MessageWriter: ~Copyable {
    /// Room that is free behind what `reserve` was asked for: more than a tag and a number, or a tag and a slot.
    static let slack = 64
    /// Up to this size a message is moved to make its slot as narrow as it can be; above, padding is cheaper.
    private static let movedAtMost = 16 * 1024

    private struct Slot {
        /// Offset of the message's first byte; the slot ends here.
        var start: Int
        /// Bytes of the slot.
        var width: Int
        /// By how much the slot is about to grow.
        var growth: Int
    }

    private var block: UnsafeMutableRawBufferPointer
    /// The address of the block.
    private var base: UnsafeMutableRawPointer
    private var capacity: Int { block.count }
    private let limit: Int
    private let slots: UnsafeMutablePointer<Slot>
    private var depth = 0
    private var ownsBytes = true
    /// Bytes written.
    private(set) var count = 0

    /// Makes a buffer.
    ///
    /// - Parameters:
    ///   - capacity: Room for a start.
    ///   - limit: More bytes than this are refused.
    ///   - maxDepth: How many messages are open at a time, at most.
    /// - Throws: `noMemory`.
    init(capacity: Int, limit: Int, maxDepth: Int) throws(JSONFault) {
        guard let block = BodyMemory.shared.allocate(capacity + Self.slack), let base = block.baseAddress else {
            throw .noMemory
        }
        self.block = block
        self.base = base
        self.limit = limit
        slots = .allocate(capacity: maxDepth + 1)
        slots.initialize(to: Slot(start: 0, width: 0, growth: 0))
    }

    deinit {
        if ownsBytes { BodyMemory.shared.free(block) }
        slots.deallocate()
    }

    /// The address of the next byte to be written.
    var next: UnsafeMutableRawPointer {
        @inline(__always) get { base + count }
    }

    /// Offset of the next byte from the start of the innermost open message; stays true when slots are widened.
    var position: Int {
        @inline(__always) get { count &- slots[depth].start }
    }

    /// Makes room for `size` bytes and `slack`.
    @inline(__always)
    mutating func reserve(_ size: Int) throws(JSONFault) {
        if capacity &- count < size &+ Self.slack { try grow(size) }
    }

    /// Counts bytes that were written at `next`.
    @inline(__always)
    mutating func advance(_ size: Int) {
        count &+= size
    }

    /// Writes a field's tag.
    @inline(__always)
    mutating func tag(_ field: UnsafePointer<JSONField>) {
        next.storeBytes(of: field.pointee.tag.littleEndian, as: UInt16.self)
        count &+= Int(field.pointee.tagWidth)
    }

    /// Writes a varint.
    @inline(__always)
    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            next.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, as: UInt8.self)
            count &+= 1
            rest &>>= 7
        }
        next.storeBytes(of: UInt8(truncatingIfNeeded: rest), as: UInt8.self)
        count &+= 1
    }

    /// Writes a number of fixed width.
    @inline(__always)
    mutating func fixed<Number: FixedWidthInteger>(_ value: Number) {
        next.storeBytes(of: value.littleEndian, as: Number.self)
        count &+= MemoryLayout<Number>.size
    }

    /// Begins a message or a string behind a slot of `width` bytes.
    @inline(__always)
    mutating func open(width: Int) {
        count &+= width
        depth &+= 1
        slots[depth] = Slot(start: count, width: width, growth: 0)
    }

    /// Ends the innermost open message and fills its slot.
    @inline(__always)
    mutating func close() throws(JSONFault) {
        let slot = slots[depth]
        let length = count &- slot.start
        if length < 0x80, slot.width == 1 {
            base.storeBytes(of: UInt8(truncatingIfNeeded: length), toByteOffset: slot.start &- 1, as: UInt8.self)
        } else {
            try closeWide(length)
        }
        depth &-= 1
    }

    /// Drops what the innermost open message holds from `position` on.
    @inline(__always)
    mutating func truncate(to position: Int) {
        count = slots[depth].start + position
    }

    /// Drops everything from an earlier `count` of the same open message on.
    @inline(__always)
    mutating func rewind(to earlier: Int) {
        count = earlier
    }

    /// Takes a range of positions out of the innermost open message.
    mutating func remove(_ range: Range<Int>) {
        let start = slots[depth].start
        let tail = count - (start + range.upperBound)
        memmove(base + (start + range.lowerBound), base + (start + range.upperBound), tail)
        count -= range.count
    }

    /// Gives the bytes away, once and at the end.
    mutating func take() throws(JSONFault) -> BatchStorage {
        guard count <= limit else { throw .tooLarge }
        ownsBytes = false
        // Only of a block that is mostly empty a copy is cheaper than what it holds.
        return count < capacity / 3
            ? BatchStorage(shrinking: block, count: count) : BatchStorage(block, count: count)
    }

    /// Bytes of the shortest varint of a length.
    @inline(__always)
    static func width(of length: Int) -> Int {
        var width = 1
        var rest = length &>> 7
        while rest > 0 {
            width &+= 1
            rest &>>= 7
        }
        return width
    }

    @inline(never)
    private mutating func grow(_ size: Int) throws(JSONFault) {
        guard count <= limit else { throw .tooLarge }
        let wanted = max(count + size + Self.slack, capacity + capacity / 2)
        guard let larger = BodyMemory.shared.allocate(wanted), let moved = larger.baseAddress else { throw .noMemory }
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: block[..<count]))
        BodyMemory.shared.free(block)
        block = larger
        base = moved
    }

    @inline(never)
    private mutating func closeWide(_ length: Int) throws(JSONFault) {
        guard count <= limit else { throw .tooLarge }
        let needed = Self.width(of: length)
        if needed > slots[depth].width {
            try widen()
        } else if needed < slots[depth].width, length <= Self.movedAtMost {
            let start = slots[depth].start
            let surplus = slots[depth].width - needed
            memmove(base + (start - surplus), base + start, length)
            slots[depth] = Slot(start: start - surplus, width: needed, growth: 0)
            count -= surplus
        }
        let slot = slots[depth]
        var rest = length
        for index in 0..<slot.width {
            let more: UInt8 = index + 1 < slot.width ? 0x80 : 0
            let byte = UInt8(truncatingIfNeeded: rest & 0x7F) | more
            base.storeBytes(of: byte, toByteOffset: slot.start - slot.width + index, as: UInt8.self)
            rest >>= 7
        }
    }

    /// Widens every open slot that cannot hold the length so far, in one pass from the end.
    private mutating func widen() throws(JSONFault) {
        var shift = 0
        for index in stride(from: depth, to: 0, by: -1) {
            let needed = Self.width(of: count + shift - slots[index].start)
            slots[index].growth = max(0, needed - slots[index].width)
            shift += slots[index].growth
        }
        try reserve(shift)
        var end = count
        count += shift
        for index in stride(from: depth, to: 0, by: -1) where shift > 0 {
            let slot = slots[index]
            memmove(base + (slot.start + shift), base + slot.start, end - slot.start)
            slots[index] = Slot(start: slot.start + shift, width: slot.width + slot.growth, growth: 0)
            end = slot.start - slot.width
            shift -= slot.growth
        }
    }
}
