// WorkList.swift - calls that wait for something.

/// Indexes that wait for something; the first 64 need no memory of their own, since most traces have fewer calls.
///
/// The caller sees to it that no index is inserted twice.
struct WorkList: Sequence {
    private var few: UInt64 = 0
    private var many = ContiguousArray<Int32>()

    var isEmpty: Bool { few == 0 && many.isEmpty }
    var count: Int { few.nonzeroBitCount + many.count }
    var byteCount: Int { many.capacity * 4 }

    mutating func insert(_ index: Int32) {
        if index < 64 {
            few |= 1 << UInt64(index)
        } else {
            many.append(index)
        }
    }

    /// Puts the indexes in order.
    mutating func sort() {
        if many.count > 1 { many.sort() }
    }

    /// Keeps the memory of a short list for the next time.
    mutating func removeAll() {
        few = 0
        if !many.isEmpty { many.removeAll(keepingCapacity: many.count < 1024) }
    }

    func makeIterator() -> Iterator {
        Iterator(few: few, many: many)
    }

    /// Those below 64 in order, then the others.
    struct Iterator: IteratorProtocol {
        fileprivate var few: UInt64
        fileprivate let many: ContiguousArray<Int32>
        private var place = 0

        fileprivate init(few: UInt64, many: ContiguousArray<Int32>) {
            self.few = few
            self.many = many
        }

        mutating func next() -> Int32? {
            if few != 0 {
                let index = Int32(few.trailingZeroBitCount)
                few &= few - 1
                return index
            }
            guard place < many.count else { return nil }
            place += 1
            return many[place - 1]
        }
    }
}
