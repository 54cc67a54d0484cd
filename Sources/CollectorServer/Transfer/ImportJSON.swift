// ImportJSON.swift - what a JSON document of an import holds.

import TraceModel

/// The members of a document that matter for an import, found without reading what is in them.
struct ImportJSON {
    /// The names at the top, in order.
    private(set) var names: [String] = []
    /// The project that an export of ours names.
    private(set) var project: String?

    /// Goes over the top of a document; nil when it is no object.
    init?(_ bytes: [UInt8]) {
        var place = 0
        func skipSpace() {
            while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
        }
        func take(_ byte: UInt8) -> Bool {
            skipSpace()
            guard place < bytes.count, bytes[place] == byte else { return false }
            place += 1
            return true
        }
        guard take(UInt8(ascii: "{")) else { return nil }
        if take(UInt8(ascii: "}")) { return }
        repeat {
            skipSpace()
            let start = place
            guard Self.skipString(bytes, &place) else { return nil }
            let name = String(decoding: bytes[start + 1..<place - 1], as: UTF8.self)
            guard take(UInt8(ascii: ":")) else { return nil }
            skipSpace()
            let value = place
            guard Self.skipValue(bytes, &place) else { return nil }
            names.append(name)
            if name == "skein" {
                let parsed = bytes[value..<place].withUnsafeBufferPointer { JSONValue(utf8: $0) }
                project = parsed?["project"]?.string
            }
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { return nil }
    }

    private static func skipString(_ bytes: [UInt8], _ place: inout Int) -> Bool {
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { return false }
        place += 1
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\\"): place += 2
            case UInt8(ascii: "\""):
                place += 1
                return true
            default: place += 1
            }
        }
        return false
    }

    private static func skipValue(_ bytes: [UInt8], _ place: inout Int) -> Bool {
        guard place < bytes.count else { return false }
        switch bytes[place] {
        case UInt8(ascii: "\""): return skipString(bytes, &place)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            var balance = JSONBalance()
            while place < bytes.count {
                place += 1
                if balance.add(bytes[place - 1]) { return true }
            }
            return false
        default:
            while place < bytes.count, ![0x2C, 0x7D, 0x5D].contains(bytes[place]) { place += 1 }
            return true
        }
    }
}
