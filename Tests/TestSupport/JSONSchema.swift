// JSONSchema.swift - the part of JSON Schema that the contract uses, more strict about members.

public import TraceModel

/// Holds values against the schemas of an OpenAPI document.
///
/// A member that no schema names is a problem where the members are named, although JSON Schema would let it pass: so a
/// member that somebody adds has to be documented.
public struct JSONSchema: Sendable {
    private let document: JSONValue

    /// Makes a validator over the document that references point into.
    public init(document: JSONValue) {
        self.document = document
    }

    /// The value that a `$ref` stands for; the value itself when it is none.
    public func resolve(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.string else { return value }
        let path = reference.split(separator: "/").dropFirst().map(String.init)
        return document[path: path] ?? .null
    }

    /// What is wrong with a value, each with its place.
    public func problems(of value: JSONValue, against schema: JSONValue, at place: String = "$") -> [String] {
        var problems: [String] = []
        let known = check(value, schema, place, &problems)
        if case .names(let names) = known, let members = value.object {
            problems += members.filter { !names.contains($0.name) }.map { "\(place).\($0.name) is not documented" }
        }
        return problems
    }

    /// The members that a schema speaks of.
    private enum Known {
        case names(Set<String>)
        case all

        mutating func add(_ other: Known) {
            guard case .names(let mine) = self, case .names(let more) = other else {
                self = .all
                return
            }
            self = .names(mine.union(more))
        }
    }

    private func check(_ value: JSONValue, _ schema: JSONValue, _ place: String, _ problems: inout [String]) -> Known {
        let schema = resolve(schema)
        guard schema.object != nil else {
            problems.append("\(place): there is no schema")
            return .all
        }
        checkScalar(value, schema, place, &problems)
        var known = Known.names([])
        if let members = value.object { known = checkMembers(members, schema, place, &problems) }
        if let elements = value.array, let items = schema["items"] {
            for (index, element) in elements.enumerated() {
                problems += self.problems(of: element, against: items, at: "\(place)[\(index)]")
            }
        }
        for part in schema["allOf"]?.array ?? [] { known.add(check(value, part, place, &problems)) }
        for word in ["oneOf", "anyOf"] {
            guard let choices = schema[word]?.array else { continue }
            let found = choices.map { self.problems(of: value, against: $0, at: place) }
            let fitting = found.count { $0.isEmpty }
            if fitting == 0 { problems += found.min { $0.count < $1.count } ?? [] }
            if fitting > 1, word == "oneOf" { problems.append("\(place) fits \(fitting) schemas of oneOf") }
            known = .all
        }
        return known
    }

    private func checkMembers(
        _ members: [JSONMember],
        _ schema: JSONValue,
        _ place: String,
        _ problems: inout [String]
    ) -> Known {
        let properties = schema["properties"]
        for name in schema["required"]?.array ?? [] {
            guard let name = name.string, !members.contains(where: { $0.name == name }) else { continue }
            problems.append("\(place).\(name) is missing")
        }
        for member in members {
            let here = "\(place).\(member.name)"
            guard let own = properties?[member.name] ?? schema["additionalProperties"] else { continue }
            problems += self.problems(of: member.value, against: own, at: here)
        }
        let isClosed = properties != nil || schema["type"] == nil
        guard isClosed, schema["additionalProperties"] == nil else { return .all }
        return .names(Set(properties?.object?.map(\.name) ?? []))
    }

    private func checkScalar(_ value: JSONValue, _ schema: JSONValue, _ place: String, _ problems: inout [String]) {
        let types = schema["type"]?.array ?? schema["type"].map { [$0] } ?? []
        if !types.isEmpty, !types.contains(where: { value.isOf(type: $0.string ?? "") }) {
            problems.append("\(place) is no \(types.compactMap(\.string).joined(separator: " or "))")
        }
        if let constant = schema["const"], constant != value { problems.append("\(place) is not the constant") }
        if let choices = schema["enum"]?.array, !choices.contains(value) { problems.append("\(place) is none of enum") }
        if let least = schema["minimum"]?.number.flatMap(Double.init), let number = value.number.flatMap(Double.init),
            number < least
        {
            problems.append("\(place) is less than \(least)")
        }
        if let pattern = schema["pattern"]?.string, let text = value.string,
            (try? Regex(pattern).firstMatch(in: text)) ?? nil == nil
        {
            problems.append("\(place) does not match \(pattern)")
        }
    }
}

extension JSONValue {
    fileprivate func isOf(type: String) -> Bool {
        switch self {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .number(let digits):
            type == "number" || type == "integer" && Double(digits).map { $0 == $0.rounded() } == true
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }
}
