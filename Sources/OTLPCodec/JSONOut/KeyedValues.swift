// KeyedValues.swift - the attributes of a list that count: each key once.

import COTLP

/// The attributes of a list that count, in their order: of duplicate keys the last, none without a key of its own.
struct KeyedValues: Sequence, IteratorProtocol {
    private let attributes: UnsafeMutablePointer<UnsafeMutablePointer<OTLPKeyValue>?>?
    private let count: Int
    private var at = 0
    /// Indexes whose key comes again later; only looked for when there are enough to make that worth a table.
    private let superseded: Set<Int>?

    /// Lists at most this long are compared pair by pair.
    private static let fewEnoughForPairs = 12

    init(_ attributes: UnsafeMutablePointer<UnsafeMutablePointer<OTLPKeyValue>?>?, count: Int) {
        self.attributes = attributes
        self.count = attributes == nil ? 0 : count
        superseded = count > Self.fewEnoughForPairs ? Self.repeated(attributes, count: self.count) : nil
    }

    mutating func next() -> UnsafeMutablePointer<OTLPKeyValue>? {
        while at < count {
            defer { at += 1 }
            guard let attribute = attributes?[at], attribute.hasKey, !isSuperseded(at) else { continue }
            return attribute
        }
        return nil
    }

    private func isSuperseded(_ index: Int) -> Bool {
        if let superseded { return superseded.contains(index) }
        guard let key = attributes?[index]?.pointee.key else { return false }
        for later in index + 1..<Swift.max(count, index + 1) {
            guard let other = attributes?[later], other.hasKey else { continue }
            if AttributeKey(bytes: key) == AttributeKey(bytes: other.pointee.key) { return true }
        }
        return false
    }

    private static func repeated(
        _ attributes: UnsafeMutablePointer<UnsafeMutablePointer<OTLPKeyValue>?>?,
        count: Int
    ) -> Set<Int> {
        var seen = Set<AttributeKey>(minimumCapacity: count)
        var repeated: Set<Int> = []
        for index in stride(from: count - 1, through: 0, by: -1) {
            guard let attribute = attributes?[index], attribute.hasKey else { continue }
            if !seen.insert(AttributeKey(bytes: attribute.pointee.key)).inserted { repeated.insert(index) }
        }
        return repeated
    }
}

/// A key as its bytes; hashed with a seed that senders cannot know.
private struct AttributeKey: Hashable {
    var bytes: ProtobufCBinaryData

    static func == (left: AttributeKey, right: AttributeKey) -> Bool {
        left.bytes.len == right.bytes.len
            && UnsafeRawBufferPointer(left.bytes).elementsEqual(UnsafeRawBufferPointer(right.bytes))
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
    }
}

extension UnsafeMutablePointer<OTLPKeyValue> {
    /// Whether the key is given as text; one that refers to the string table of profiles counts as absent.
    fileprivate var hasKey: Bool {
        pointee.key.len > 0 || pointee.key_strindex == 0
    }
}

extension UnsafeRawBufferPointer {
    /// The bytes of a decoded field; valid as long as the message.
    init(_ field: ProtobufCBinaryData) {
        self.init(start: field.data, count: field.data == nil ? 0 : field.len)
    }

    /// The longest beginning of at most `limit` bytes that ends between two characters.
    func cut(at limit: Int) -> UnsafeRawBufferPointer {
        guard count > limit else { return self }
        var end = limit
        while end > 0, self[end] & 0xC0 == 0x80 { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[..<end])
    }

    /// The beginning of at most `limit` bytes as a string.
    func prefixText(of limit: Int) -> String {
        String(decoding: cut(at: limit), as: UTF8.self)
    }
}
