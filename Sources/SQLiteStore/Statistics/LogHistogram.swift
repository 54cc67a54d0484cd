// LogHistogram.swift - how values are spread, for percentiles that can be taken back.

import TraceModel

/// Counts of values in buckets that grow with the value: 32 to each doubling, so that a percentile is at most 1.6 % off.
///
/// Stored as varints: the distance to the bucket before, then the count, for each bucket that is not empty.
struct LogHistogram: Equatable {
    /// A bucket and how many values are in it.
    struct Entry: Equatable {
        var bucket: Int
        var count: Int64
    }

    /// By bucket; none has the count 0.
    private(set) var entries: [Entry] = []

    /// Makes an empty histogram.
    init() {}

    /// The bucket of a value; negative ones count as 0.
    @inline(__always)
    static func bucket(of value: Int64) -> Int {
        guard value >= 32 else { return Int(max(0, value)) }
        let exponent = 63 - value.leadingZeroBitCount
        return (exponent - 4) * 32 + Int((value >> (exponent - 5)) & 31)
    }

    /// The middle of a bucket.
    static func middle(of bucket: Int) -> Double {
        guard bucket >= 32 else { return Double(bucket) }
        let exponent = bucket / 32 + 4
        let width = Double(sign: .plus, exponent: exponent - 5, significand: 1)
        return Double(32 + bucket % 32) * width + width / 2
    }

    /// How many values there are.
    var total: Int64 { entries.reduce(0) { $0 + $1.count } }

    /// The least value that a share of all values is not above, about; nil when there are none.
    func percentile(_ share: Double) -> Double? {
        let total = total
        guard total > 0 else { return nil }
        let rank = max(1, (share * Double(total)).rounded(.up))
        var seen: Int64 = 0
        for entry in entries {
            seen += entry.count
            if Double(seen) >= rank { return Self.middle(of: entry.bucket) }
        }
        return entries.last.map { Self.middle(of: $0.bucket) }
    }

    /// Adds changes, which may be negative, in any order.
    mutating func add(_ changes: [Entry]) {
        for change in changes {
            var low = 0
            var high = entries.count
            while low < high {
                let middle = (low + high) / 2
                if entries[middle].bucket < change.bucket { low = middle + 1 } else { high = middle }
            }
            if low < entries.count, entries[low].bucket == change.bucket {
                entries[low].count += change.count
            } else {
                entries.insert(change, at: low)
            }
        }
        // A bucket is empty once all its changes are in; below zero only after damage.
        if changes.contains(where: { $0.count < 0 }) { entries.removeAll { $0.count <= 0 } }
    }

    /// Adds another histogram.
    mutating func add(_ other: LogHistogram) {
        guard !entries.isEmpty else {
            entries = other.entries
            return
        }
        add(other.entries)
    }

    /// The stored form.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * 3)
        var last = 0
        for entry in entries {
            Varint.append(UInt64(entry.bucket - last), to: &bytes)
            Varint.append(UInt64(entry.count), to: &bytes)
            last = entry.bucket
        }
        return bytes
    }

    /// Reads the stored form; stops at damage.
    init(decoding bytes: UnsafeRawBufferPointer) {
        var offset = 0
        var bucket = 0
        while let distance = Varint.readCount(bytes, at: &offset), distance < 4096,
            let count = Varint.readCount(bytes, at: &offset)
        {
            bucket += distance
            if count > 0 { entries.append(Entry(bucket: bucket, count: Int64(count))) }
        }
    }
}

/// Counts of buckets side by side, for sums over many histograms.
struct HistogramSum {
    private var counts: [Int64] = []
    /// The bucket of the first count.
    private var first = 0

    /// Adds a stored histogram.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        for entry in LogHistogram(decoding: bytes).entries { add(entry.count, in: entry.bucket) }
    }

    /// Adds one value.
    mutating func add(value: Int64) {
        add(1, in: LogHistogram.bucket(of: value))
    }

    private mutating func add(_ count: Int64, in bucket: Int) {
        if counts.isEmpty { first = max(0, bucket - 32) }
        if bucket < first {
            let more = min(first, first - bucket + 32)
            counts.insert(contentsOf: repeatElement(0, count: more), at: 0)
            first -= more
        }
        let place = bucket - first
        if place >= counts.count { counts += repeatElement(0, count: place + 64 - counts.count) }
        counts[place] += count
    }

    /// The values as a histogram.
    var histogram: LogHistogram {
        var histogram = LogHistogram()
        histogram.add(
            counts.enumerated().filter { $0.element > 0 }
                .map { .init(bucket: $0.offset + first, count: $0.element) }
        )
        return histogram
    }
}
