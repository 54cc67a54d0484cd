// SearchedAttributes.swift - which attributes hold what can be searched for.

import TraceModel

/// The attributes of the content tables whose texts are searched for, and how each is walked.
///
/// The tools that a model was only offered are not among them: they would be found at every call.
struct SearchedAttributes: Sendable {
    /// How a value is walked.
    enum Form: UInt8, Sendable {
        /// Messages or bodies: the names of roles and kinds in them say nothing.
        case messages
        /// Arguments, results, documents: everything in them counts.
        case free
    }

    /// The attributes of `ContentDialect.all`.
    static let standard = SearchedAttributes(ContentDialect.all)

    private let keys: ByteKeyTable
    private let forms: [Form]
    private let families: [(prefix: [UInt8], form: Form)]

    init(_ dialects: [ContentDialect]) {
        var exact: [(key: String, form: Form)] = []
        var families: [(key: String, form: Form)] = []
        func add(_ place: ContentPlace) {
            switch place {
            case .messages(let key), .history(let key), .value(let key): exact.append(("\(key)", .messages))
            case .indexed(let prefix): families.append(("\(prefix)", .messages))
            case .pieces(let pieces): exact += pieces.map { ("\($0.key)", .messages) }
            case .events: break
            }
        }
        for dialect in dialects {
            for place in dialect.input + dialect.output { add(place) }
            for name in dialect.names {
                guard let form = Self.form(of: name.field) else { continue }
                if name.isIndexed {
                    families.append(("\(name.key)", form))
                } else {
                    exact.append(("\(name.key)", form))
                }
            }
        }
        var known: Set<String> = []
        let unique = exact.filter { known.insert($0.key).inserted }
        keys = ByteKeyTable(unique.map(\.key))
        forms = unique.map(\.form)
        self.families = families.filter { known.insert($0.key).inserted }.map { (Array($0.key.utf8), $0.form) }
    }

    private static func form(of field: ContentField) -> Form? {
        switch field {
        case .systemInstructions: .messages
        case .toolName, .toolArguments, .toolResult, .query, .documents, .embeddingInputs, .tags: .free
        case .tools, .toolCallID, .finishReason: nil
        }
    }

    /// How the value under a key is walked; nil when it is not searched.
    ///
    /// - Parameter key: The key as it was sent.
    /// - Returns: The form; of an indexed attribute also what follows its prefix.
    func form(of key: UnsafeBufferPointer<UInt8>) -> (form: Form, path: UnsafeBufferPointer<UInt8>?)? {
        if let number = keys.number(of: key) { return (forms[number], nil) }
        for (prefix, form) in families where key.count > prefix.count && key[0] == prefix[0] {
            guard key[prefix.count] &- UInt8(ascii: "0") < 10,
                prefix.withUnsafeBufferPointer({ key[..<prefix.count].elementsEqual($0) })
            else { continue }
            return (form, UnsafeBufferPointer(rebasing: key[prefix.count...]))
        }
        return nil
    }
}
