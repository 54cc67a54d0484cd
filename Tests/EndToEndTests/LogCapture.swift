// LogCapture.swift - the log exports of a capture, in both encodings, and what their records say.

import Foundation
import TestSupport
import Testing

/// The log exports of a capture of the corpus.
struct LogCapture {
    /// A record with an event name and a span.
    struct Record {
        var trace: String
        var span: String
        var event: String
        /// The texts of its body and messages that say something of their own.
        var texts: Set<String>
    }

    /// The captures that have log exports.
    static let names = Fixtures.captures.filter { !files(of: $0).isEmpty }

    let name: String
    /// The bodies, as protobuf.
    let bodies: [Data]

    init(_ name: String) throws {
        self.name = name
        bodies = try Self.files(of: name).map { try Data(contentsOf: $0) }
    }

    /// The bodies, as OTLP/JSON; the same each time.
    func json() throws -> [Data] {
        try bodies.map { body in
            try JSONSerialization.data(withJSONObject: WireLogs(body).object, options: .sortedKeys)
        }
    }

    /// Every record of the exports that names a span.
    func records() throws -> [Record] {
        try bodies.flatMap { body in
            try WireLogs(body).records.filter { $0["spanId"] != nil }.map(Self.record)
        }
    }

    private static func files(of name: String) -> [URL] {
        let folder = Fixtures.folder.appendingPathComponent("corpus/\(name)")
        let found = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return found.filter { $0.lastPathComponent.hasPrefix("logs-") && $0.pathExtension == "pb" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }

    private static func record(_ object: [String: Any]) throws -> Record {
        let attributes = object["attributes"] as? [[String: Any]] ?? []
        let messages = attributes.filter { ($0["key"] as? String)?.hasSuffix(".messages") == true }
        return Record(
            trace: try #require(object["traceId"] as? String),
            span: try #require(object["spanId"] as? String),
            event: try #require(object["eventName"] as? String),
            // Nobody else's, and no JSON, which is shown as such.
            texts: texts(in: [object["body"] as Any] + messages).filter { text in
                (text.contains("T-") || text.hasPrefix("call_")) && !text.hasPrefix("{")
            }
        )
    }

    private static func texts(in value: Any) -> Set<String> {
        if let list = value as? [Any] { return list.reduce(into: []) { $0.formUnion(texts(in: $1)) } }
        guard let object = value as? [String: Any] else { return [] }
        if let text = object["stringValue"] as? String { return [text] }
        return object.values.reduce(into: []) { $0.formUnion(texts(in: $1)) }
    }
}

/// An `ExportLogsServiceRequest` turned into OTLP/JSON in the plainest way.
private struct WireLogs {
    let object: [String: Any]
    let records: [[String: Any]]

    init(_ body: Data) {
        var records: [[String: Any]] = []
        let resources = Self.fields(body).map { resourceLogs -> [String: Any] in
            let scopes = Self.fields(resourceLogs.bytes).filter { $0.number == 2 }.map { scopeLogs -> [String: Any] in
                let found = Self.fields(scopeLogs.bytes).filter { $0.number == 2 }.map { Self.record($0.bytes) }
                records += found
                return ["logRecords": found]
            }
            return ["scopeLogs": scopes]
        }
        object = ["resourceLogs": resources]
        self.records = records
    }

    private struct Field {
        var number: UInt64
        var value: UInt64 = 0
        var bytes = Data()
    }

    private static func record(_ bytes: Data) -> [String: Any] {
        var record: [String: Any] = [:]
        var attributes: [[String: Any]] = []
        for field in fields(bytes) {
            switch field.number {
            case 1: record["timeUnixNano"] = String(field.value)
            case 5: record["body"] = value(field.bytes)
            case 6: attributes.append(pair(field.bytes))
            case 9: record["traceId"] = hex(field.bytes)
            case 10: record["spanId"] = hex(field.bytes)
            case 11: record["observedTimeUnixNano"] = String(field.value)
            case 12: record["eventName"] = text(field.bytes)
            default: break
            }
        }
        record["attributes"] = attributes
        return record
    }

    private static func pair(_ bytes: Data) -> [String: Any] {
        var pair: [String: Any] = [:]
        for field in fields(bytes) {
            if field.number == 1 { pair["key"] = text(field.bytes) } else { pair["value"] = value(field.bytes) }
        }
        return pair
    }

    private static func value(_ bytes: Data) -> [String: Any] {
        guard let field = fields(bytes).last else { return [:] }
        switch field.number {
        case 1: return ["stringValue": text(field.bytes)]
        case 2: return ["boolValue": field.value != 0]
        case 3: return ["intValue": String(Int64(bitPattern: field.value))]
        case 4: return ["doubleValue": Double(bitPattern: field.value)]
        case 5: return ["arrayValue": ["values": fields(field.bytes).map { value($0.bytes) }]]
        case 6: return ["kvlistValue": ["values": fields(field.bytes).map { pair($0.bytes) }]]
        default: return [:]
        }
    }

    private static func fields(_ bytes: Data) -> [Field] {
        var rest = Array(bytes)[...]
        func varint() -> UInt64 {
            var value: UInt64 = 0
            var shift: UInt64 = 0
            while let byte = rest.popFirst() {
                value |= UInt64(byte & 0x7F) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            return value
        }
        var found: [Field] = []
        while !rest.isEmpty {
            let tag = varint()
            var field = Field(number: tag >> 3)
            switch tag & 7 {
            case 0: field.value = varint()
            case 1:
                field.value = rest.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
                rest = rest.dropFirst(8)
            case 2:
                let length = Int(varint())
                field.bytes = Data(rest.prefix(length))
                rest = rest.dropFirst(length)
            default: rest = rest.dropFirst(4)
            }
            found.append(field)
        }
        return found
    }

    private static func text(_ bytes: Data) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    private static func hex(_ bytes: Data) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
