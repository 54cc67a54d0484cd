// MaskPolicy.swift - what decides which values of a message are stored otherwise than they came.

/// Why a message cannot be masked, and so must not be stored.
public struct MaskFailure: Error, Equatable {
    /// Completes "spans that ..."; never holds content.
    public var reason: String

    /// Makes a failure.
    public init(reason: String) {
        self.reason = reason
    }
}

/// What becomes of an attribute, or of a member of a nested map.
public enum AttributeMask: Sendable {
    /// The value stays, or is looked into: each text in it is asked for, with what its attribute is.
    case look(ValueNature)
    /// The attribute goes, key and all.
    case remove
    /// The key stays, the value becomes empty.
    case empty
    /// The value becomes this text.
    case replace([UInt8])
}

/// What an attribute holds, as far as its values are treated otherwise for it.
public enum ValueNature: UInt8, Sendable {
    /// Anything.
    case plain
    /// A name or an identifier, of which the first 256 B are known.
    case name
    /// JSON with numbers, such as usage.
    case numbers
    /// An answer, in which usage stands.
    case answer
    /// Content in which the facts of an answer may stand: a text is asked for, any other value becomes empty.
    case facts
}

/// Where a text stands.
public enum TextPlace: Sendable {
    /// A string within an attribute's value.
    case value(ValueNature)
    /// Bytes within an attribute's value; not always UTF-8.
    case bytes(ValueNature)
    /// The name of a span, an event or a scope, or a scope's version.
    case name
    /// The message of a status.
    case statusMessage
    /// What rules reach, and no switch: trace state, schema URLs, types of entities.
    case reference
}

/// What becomes of a text.
public enum TextMask: Sendable {
    /// It stays.
    case keep
    /// It becomes this one.
    case replace([UInt8])
    /// It goes: the field is left out.
    case remove
}

/// Decides which values of a message are stored otherwise than they came.
///
/// One task uses it at a time.
public protocol MaskPolicy: AnyObject {
    /// Decides on an attribute or a member of a map.
    ///
    /// - Parameters:
    ///   - key: The key itself.
    ///   - path: The keys from the attribute down to this one, with dots between them; `key` for an attribute.
    ///   - nature: What the attribute around it holds; `plain` for an attribute.
    /// - Returns: What becomes of it.
    /// - Throws: `MaskFailure` when the message must not be stored.
    func attribute(
        _ key: UnsafeRawBufferPointer,
        path: UnsafeRawBufferPointer,
        within nature: ValueNature
    ) throws(MaskFailure) -> AttributeMask

    /// Decides on a text.
    func text(_ text: UnsafeRawBufferPointer, at place: TextPlace) throws(MaskFailure) -> TextMask
}
