// SpanMetadata.swift - what an application tells of itself beside the conventions.

public import COTLP
public import TraceModel

/// The metadata attributes of a span: names and values that the application chose.
public enum SpanMetadata {
    /// What stands before the names.
    private static let prefixes = [
        "metadata.", "langfuse.observation.metadata.", "langfuse.trace.metadata.", "ai.telemetry.metadata.",
        "langsmith.metadata.", "traceloop.association.properties.",
    ].map { Array($0.utf8) }
    /// Attributes that hold an object of them.
    private static let objects = ["metadata", "langfuse.observation.metadata", "langfuse.trace.metadata"].map {
        Array($0.utf8)
    }
    private static let most = 256

    /// Reads the metadata of a span.
    ///
    /// - Parameter span: A decoded span; nothing of it is kept.
    /// - Returns: At most 256 members in the order of the attributes; of two with one name the first.
    public static func members(of span: UnsafePointer<Opentelemetry__Proto__Trace__V1__Span>) -> [JSONMember] {
        var found: [JSONMember] = []
        var names: Set<String> = []
        func add(_ member: JSONMember) {
            guard found.count < most, !member.name.isEmpty, names.insert(member.name).inserted else { return }
            found.append(member)
        }
        let list = span.pointee.attributes
        let attributes = UnsafeBufferPointer(start: list, count: list == nil ? 0 : span.pointee.n_attributes)
        for case .some(let attribute) in attributes {
            let key = attribute.pointee.key.bytes
            let value = attribute.pointee.value.map { UnsafePointer($0) }
            if objects.contains(where: { key.elementsEqual($0) }) {
                for member in value.flatMap({ JSONValue(objectIn: $0) })?.object ?? [] { add(member) }
            } else if let prefix = prefixes.first(where: { key.count > $0.count && key.starts(with: $0) }) {
                add(JSONMember(String(decoding: key.dropFirst(prefix.count), as: UTF8.self), JSONValue(value)))
            }
        }
        return found
    }
}
