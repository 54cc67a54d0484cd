// APIJSON.swift - what an API answered, taken apart.

import Foundation
public import TraceModel

/// Reads answers of the query API.
public enum APIJSON {
    /// The value of a whole answer.
    ///
    /// - Parameter bytes: Up to the size of a page of spans.
    /// - Returns: Nil when it is no JSON.
    public static func read(_ bytes: [UInt8]) -> JSONValue? {
        bytes.withUnsafeBufferPointer { JSONValue(utf8: $0, maxDepth: 128, maxValues: 16 << 20) }
    }
}

extension JSONValue {
    /// The number, when this is one.
    var double: Double? { number.flatMap { Double($0) } }

    /// The whole number, when this is one.
    var integer: Int64? { number.flatMap { Int64($0) ?? Double($0).flatMap { Int64(exactly: $0.rounded()) } } }

    /// The string as one harmless line; `-` for anything else.
    var line: String { lineIfKnown ?? Figures.unknown }

    /// The string as one harmless line; nil for anything else.
    var lineIfKnown: String? { string.map { SafeText.line($0) } }
}

extension JSONValue? {
    /// The string as one harmless line; `-` for anything else.
    var line: String { self?.line ?? Figures.unknown }
}
