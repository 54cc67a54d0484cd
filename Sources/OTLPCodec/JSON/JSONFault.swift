// JSONFault.swift - why a JSON body was refused.

import TraceModel

/// Why a JSON body cannot be transcoded; trivial, so that throwing it costs nothing on the hot path.
enum JSONFault: Error, Equatable {
    /// The byte at `offset` is not what the grammar or the message's schema asks for.
    case malformed(offset: Int, expected: JSONExpectation)
    /// The protobuf form passes the limit.
    case tooLarge
    /// The system has no memory for the protobuf form.
    case noMemory

    /// The error for the caller; names places and limits, never content.
    func codecError(limit: Int) -> OTLPCodecError {
        switch self {
        case .malformed(let offset, let expected):
            .invalid("JSON is malformed at byte \(offset): expected \(expected.words)")
        case .tooLarge:
            OTLPCodecError(code: .tooLarge, message: "JSON body is larger than \(limit) bytes in protobuf form")
        case .noMemory:
            OTLPCodecError(code: .overloaded, message: "no memory to read a JSON body")
        }
    }
}

/// What should have stood where a fault was found.
enum JSONExpectation: UInt8 {
    case value, object, list, string, name, colon, endOfObject, endOfList, endOfBody, closingQuote
    case literal, bool, integer, number, enumName, base64, escape, visibleCharacter, utf8, shallower

    /// The expectation in words that end an error message.
    var words: String {
        switch self {
        case .value: "a value"
        case .object: "an object"
        case .list: "a list"
        case .string: "a string"
        case .name: "a name in quotes"
        case .colon: "a colon"
        case .endOfObject: "a comma or the end of the object"
        case .endOfList: "a comma or the end of the list"
        case .endOfBody: "the end of the body"
        case .closingQuote: "the end of the string"
        case .literal: "true, false or null"
        case .bool: "true or false"
        case .integer: "an integer that fits its field"
        case .number: "a number"
        case .enumName: "the number or a name of the enum"
        case .base64: "base64"
        case .escape: "an escape that JSON knows"
        case .visibleCharacter: "an escape in place of a control character"
        case .utf8: "UTF-8"
        case .shallower: "at most \(JSONTranscription.maxNesting) levels of nesting"
        }
    }
}
