// Contract.swift - the OpenAPI document, as tests ask it.

public import TraceModel

/// The OpenAPI document of a server.
public struct Contract: Sendable {
    /// One parameter of an operation.
    public struct Parameter: Sendable {
        /// As it stands in a URL.
        public var name: String
        /// `query`, `header` or `path`.
        public var place: String
        /// A value for a URL; nil when the document has none.
        public var example: String?
        /// As it stands in the query of a URL, percent-encoded; nil without an example.
        public var query: String?
    }

    /// What one method does at one path.
    public struct Operation: Sendable {
        /// With names in braces, such as `/v1/traces/{trace_id}`.
        public var path: String
        /// In upper case.
        public var method: String
        /// All of them, with those of the path.
        public var parameters: [Parameter]
        /// The member `responses`.
        public var responses: JSONValue
    }

    /// Everything that is served.
    public let operations: [Operation]
    /// Holds values against schemas of the document.
    public let schema: JSONSchema
    private let document: JSONValue

    /// Reads a document.
    public init(_ document: JSONValue) {
        self.document = document
        let schema = JSONSchema(document: document)
        self.schema = schema
        operations = (document["paths"]?.object ?? []).flatMap { path in
            (path.value.object ?? []).map { method in
                Operation(
                    path: path.name,
                    method: method.name.uppercased(),
                    parameters: (method.value["parameters"]?.array ?? []).map { Parameter(schema.resolve($0)) },
                    responses: method.value["responses"] ?? .null
                )
            }
        }
    }

    /// The operation of a method at a path.
    public func operation(_ method: String, _ path: String) -> Operation? {
        operations.first { $0.method == method && $0.path == path }
    }

    /// What is wrong with an answer.
    ///
    /// - Parameters:
    ///   - operation: What was asked.
    ///   - status: Its status.
    ///   - type: Its media type.
    ///   - body: Its body, where it is JSON.
    ///   - name: A schema of the document that is more narrow than the one of the answer; nil for that one.
    /// - Returns: The problems.
    public func problems(
        of operation: Operation,
        status: Int,
        type: String?,
        body: JSONValue?,
        as name: String? = nil
    ) -> [String] {
        guard let response = operation.responses["\(status)"].map({ schema.resolve($0) }) else {
            return ["\(operation.method) \(operation.path): \(status) is not documented"]
        }
        let media = type.map { String($0.prefix { $0 != ";" }) } ?? ""
        guard let content = response["content"]?[media] else {
            return ["\(operation.path): \(media) is not documented"]
        }
        guard let body, let own = content["schema"] else { return [] }
        let narrow = name.map { JSONValue.object([JSONMember("$ref", .string("#/components/schemas/\($0)"))]) }
        return schema.problems(of: body, against: narrow ?? own, at: operation.path)
    }

    /// What is wrong with the examples of answers.
    public var problemsOfExamples: [String] {
        operations.flatMap { operation in
            (operation.responses.object ?? []).flatMap { response in
                (schema.resolve(response.value)["content"]?.object ?? []).flatMap { media -> [String] in
                    guard let example = media.value["example"], let own = media.value["schema"] else { return [] }
                    return schema.problems(of: example, against: own, at: "\(operation.path) \(response.name)")
                }
            }
        }
    }
}

extension Contract.Parameter {
    fileprivate init(_ value: JSONValue) {
        name = value["name"]?.string ?? ""
        place = value["in"]?.string ?? ""
        switch value["example"] {
        case .array(let words): example = words.compactMap(\.string).joined(separator: ",")
        case .object(let members):
            // An object that is exploded: each member is a parameter of its own.
            query = members.map { "\($0.name)=\($0.value.string ?? "")" }.joined(separator: "&")
            return
        case let value: example = value?.string ?? value?.number
        }
        query = example.map { "\(name)=\(Self.encoded($0))" }
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        .joined()
    }
}
