// ContentAttributes.swift - the attributes of a span or event, sorted into what the content tables know.

import COTLP
import TraceModel

/// Attributes that hold content, by key; made in one walk.
///
/// Borrows the decoded attributes: valid only as long as they are.
struct ContentAttributes {
    /// An attribute of an indexed family.
    struct Member {
        /// What follows the prefix, such as `0.message.role`.
        var path: UnsafeBufferPointer<UInt8>
        var value: UnsafePointer<AnyValue>
    }

    /// Memory that one after the other may use; what is in it is of no value.
    struct Room {
        fileprivate var exact: [UnsafePointer<AnyValue>?] = []
    }

    private let keys = ConversationKeys.standard
    /// By the numbers of keys; empty while none is there.
    private var exact: [UnsafePointer<AnyValue>?] = []
    private var families: [Int: [Member]] = [:]
    private var params: [Int: [Member]] = [:]
    /// What the attributes that are there are used for.
    private(set) var uses = ConversationKeys.Uses()

    /// Sorts attributes.
    ///
    /// - Parameters:
    ///   - attributes: As decoded.
    ///   - wantsParams: Whether parameters of requests are of interest.
    init(_ attributes: UnsafeBufferPointer<UnsafeMutablePointer<KeyValue>?>, wantsParams: Bool = true) {
        var room = Room()
        self.init(attributes, wantsParams: wantsParams, using: &room)
    }

    /// The same in memory that was used before.
    init(
        _ attributes: UnsafeBufferPointer<UnsafeMutablePointer<KeyValue>?>,
        wantsParams: Bool,
        using room: inout Room
    ) {
        // Lent once: each access to the tables would count references.
        keys.exact.withLookup { lookup in
            keys.uses.withUnsafeBufferPointer { uses in
                for attribute in attributes {
                    guard let attribute, let value = attribute.pointee.value else { continue }
                    let key = attribute.pointee.key.bytes
                    if let start = key.baseAddress, let number = lookup.number(of: start, key.count) {
                        // Of duplicate keys the last one counts, as in the attributes of an answer.
                        if exact.isEmpty { takeRoom(&room) }
                        exact[number] = UnsafePointer(value)
                        self.uses.formUnion(uses[number])
                    } else if !key.hasIndex || !insertMember(key, UnsafePointer(value)), wantsParams {
                        insertParam(key, UnsafePointer(value))
                    }
                }
            }
        }
    }

    /// Whether no attribute is known.
    var isEmpty: Bool { exact.isEmpty && families.isEmpty && params.isEmpty }

    /// The value under a whole key.
    subscript(key: StaticString) -> UnsafePointer<AnyValue>? {
        exact.isEmpty ? nil : keys.number(of: key).flatMap { exact[$0] }
    }

    /// The members of an indexed family, as sent.
    func family(_ prefix: StaticString) -> [Member] {
        families.isEmpty ? [] : keys.number(of: prefix).flatMap { families[$0] } ?? []
    }

    /// The attributes whose keys begin with a prefix of parameters, as sent.
    func params(_ prefix: StaticString) -> [Member] {
        params.isEmpty ? [] : keys.number(of: prefix).flatMap { params[$0] } ?? []
    }

    /// Gives the memory back; nothing is known afterwards.
    mutating func giveBack(_ room: inout Room) {
        guard !exact.isEmpty else { return }
        swap(&exact, &room.exact)
        exact = []
    }

    private mutating func takeRoom(_ room: inout Room) {
        swap(&exact, &room.exact)
        if exact.isEmpty { return exact = Array(repeating: nil, count: keys.keys.count) }
        for place in exact.indices { exact[place] = nil }
    }

    private mutating func insertParam(_ key: UnsafeBufferPointer<UInt8>, _ value: UnsafePointer<AnyValue>) {
        for (number, prefix) in keys.paramPrefixes.enumerated() {
            guard let path = key.rest(after: prefix), !path.isEmpty else { continue }
            params[number, default: []].append(Member(path: path, value: value))
            return
        }
    }

    /// Whether the key is one of an indexed family.
    private mutating func insertMember(_ key: UnsafeBufferPointer<UInt8>, _ value: UnsafePointer<AnyValue>) -> Bool {
        for (number, prefix) in keys.families.enumerated() {
            guard let path = key.rest(after: prefix), let first = path.first, first &- UInt8(ascii: "0") < 10 else {
                continue
            }
            families[number, default: []].append(Member(path: path, value: value))
            uses.formUnion(keys.familyUses[number])
            return true
        }
        return false
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether a digit stands behind a dot.
    fileprivate var hasIndex: Bool {
        var isBehindDot = false
        for byte in self {
            if isBehindDot, byte &- UInt8(ascii: "0") < 10 { return true }
            isBehindDot = byte == UInt8(ascii: ".")
        }
        return false
    }

    /// What follows a prefix; nil when these bytes do not begin with it.
    fileprivate func rest(after prefix: StaticString) -> UnsafeBufferPointer<UInt8>? {
        let length = prefix.utf8CodeUnitCount
        guard count > length, self[0] == prefix.utf8Start.pointee,
            prefix.withUTF8Buffer({ self[..<length].elementsEqual($0) })
        else { return nil }
        return UnsafeBufferPointer(rebasing: self[length...])
    }
}
