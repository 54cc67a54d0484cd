// AttributeMapping+YAML.swift - the user's own attributes, as they stand in the configuration.

import GenAISemantics
import TraceModel

extension AttributeMapping {
    /// Reads the mappings of a list.
    ///
    /// - Throws: `ConfigError` with every problem at once, each with its line.
    static func mappings(_ value: FileValue, key: String, in path: String) throws(ConfigError) -> [AttributeMapping] {
        try value.read(key: key, in: path, mapping)
    }

    private static func mapping(_ entry: FileEntry) throws(EntryFault) -> AttributeMapping {
        try entry.checkKeys(["attribute", "field", "values"])
        guard let attribute = try entry.text("attribute"), !attribute.isEmpty else {
            throw EntryFault(line: entry.line, message: "a mapping needs attribute, the name of one")
        }
        let names = Field.allCases.map(\.rawValue).joined(separator: ", ")
        guard let text = try entry.text("field"), let field = Field(rawValue: text) else {
            throw EntryFault(line: entry.fields["field"]?.line ?? entry.line, message: "the field is one of \(names)")
        }
        var mapping = AttributeMapping(attribute: attribute, field: field)
        guard let values = entry.fields["values"] else { return mapping }
        guard field == .kind else {
            throw EntryFault(line: values.line, message: "values belong to the field kind alone")
        }
        let known = SpanRole.allCases.map(\.name).joined(separator: ", ")
        for (value, name) in try entry.texts("values") {
            guard let role = SpanRole.allCases.first(where: { $0.name == name }) else {
                throw EntryFault(line: values.line, message: "\"\(name)\" is no kind; there are \(known)")
            }
            mapping.roles[value] = role
        }
        return mapping
    }

    /// The mapping as a map of YAML on one line.
    var yaml: String {
        let values = roles.sorted { $0.key < $1.key }.map { "\($0.key.yamlQuoted): \($0.value.name)" }
        let tail = values.isEmpty ? "" : ", values: {\(values.joined(separator: ", "))}"
        return "{attribute: \(attribute.yamlQuoted), field: \(field.rawValue)\(tail)}"
    }
}
