// JSONValue.swift - a JSON value that was inside an attribute.

/// A JSON value, as instrumentations put them into attributes.
///
/// Members keep their order, and their duplicates; numbers keep their digits, so that none loses precision.
public enum JSONValue: Sendable, Equatable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number as it was written; always of the grammar of RFC 8259, section 6.
    case number(String)
    /// A string without its quotes and escapes.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// An object.
    case object([JSONMember])
}

/// A member of a JSON object.
public struct JSONMember: Sendable, Equatable {
    /// The name without its quotes and escapes.
    public var name: String
    /// The value.
    public var value: JSONValue

    /// Makes a member.
    public init(_ name: String, _ value: JSONValue) {
        self.name = name
        self.value = value
    }
}

extension JSONValue {
    /// Reads JSON text (RFC 8259) in time linear to its length.
    ///
    /// Nil when the text is no JSON, or more than the limits allow. Python writes `NaN` and the infinities into JSON:
    /// these become strings. A lone surrogate becomes U+FFFD.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8; space around the value is skipped.
    ///   - maxDepth: How deep lists and objects may nest.
    ///   - maxValues: How many values there may be, which bounds the memory that short ones would multiply.
    public init?(
        utf8 bytes: UnsafeBufferPointer<UInt8>,
        maxDepth: Int = JSONLimit.depth,
        maxValues: Int = JSONLimit.values
    ) {
        var reader = JSONReader(bytes, maxDepth: maxDepth, maxValues: maxValues)
        guard let value = reader.document() else { return nil }
        self = value
    }

    /// Reads JSON text; see `init(utf8:maxDepth:maxValues:)`.
    public init?(_ text: String) {
        var text = text
        guard let value = text.withUTF8({ JSONValue(utf8: $0) }) else { return nil }
        self = value
    }

    /// The value of a member, of duplicates the last one; nil when this is no object or has none of that name.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The value at a path of member names, such as `["usage", "inputTokens"]`.
    public subscript(path path: [String]) -> JSONValue? {
        var value = self
        for name in path {
            guard let next = value[name] else { return nil }
            value = next
        }
        return value
    }

    /// The string, when this is one.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The digits of a number as they were written, when this is one.
    public var number: String? {
        if case .number(let digits) = self { digits } else { nil }
    }

    /// The truth value, when this is one.
    public var bool: Bool? {
        if case .bool(let truth) = self { truth } else { nil }
    }

    /// The elements, when this is a list.
    public var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members in order, when this is an object.
    public var object: [JSONMember]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// Whether this is `null`.
    public var isNull: Bool { self == .null }
}

/// The limits of JSON inside attributes.
public enum JSONLimit {
    /// How deep lists and objects nest.
    public static let depth = 64
    /// How many values there are, about 16 to 32 bytes each.
    public static let values = 524_288
}
