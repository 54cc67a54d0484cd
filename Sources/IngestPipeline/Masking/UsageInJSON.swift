// UsageInJSON.swift - what stays of an answer in JSON when content is not kept.

import OTLPCodec
import TraceModel

/// Reduces an answer to the usage inside, and the model that stands with it.
enum UsageInJSON {
    private static let usageNames: Set<String> = ["usage", "usage_metadata", "usageMetadata"]
    /// Bytes of a model's name at most.
    private static let longestModel = 256

    /// Objects on the way to usage, the numbers in it, and models beside it; `{}` when there is none, or no JSON;
    /// nil when nothing else was there.
    static func only(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        let kept = text.withMemoryRebound(to: UInt8.self) { JSONValue(utf8: $0) }.flatMap(reduced) ?? .object([])
        var json: [UInt8] = []
        json.appendJSON(kept)
        return json.elementsEqual(text) ? nil : json
    }

    /// Calls itself once per level, which the reader of JSON bounds.
    private static func reduced(_ value: JSONValue) -> JSONValue? {
        switch value {
        case .array(let elements):
            let kept = elements.compactMap(reduced)
            return kept.isEmpty ? nil : .array(kept)
        case .object(let members):
            let kept = members.compactMap(reduced)
            return kept.isEmpty ? nil : .object(kept)
        default: return nil
        }
    }

    private static func reduced(_ member: JSONMember) -> JSONMember? {
        if usageNames.contains(member.name) { return numbers(in: member.value).map { JSONMember(member.name, $0) } }
        if member.name == "model", let model = member.value.string, model.utf8.count <= longestModel { return member }
        return reduced(member.value).map { JSONMember(member.name, $0) }
    }

    private static func numbers(in value: JSONValue) -> JSONValue? {
        switch value {
        case .number: return value
        case .object(let members):
            return .object(
                members.compactMap { member in numbers(in: member.value).map { JSONMember(member.name, $0) } }
            )
        default: return nil
        }
    }
}
