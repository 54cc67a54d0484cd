// TestErrors.swift - errors and names that the tests use.

import HTTPTypes
import TraceModel

/// An error with a code.
struct TestError: CollectorError {
    var code: ErrorCode
    var message: String
}

/// An error without a code.
struct UnknownError: Error, CustomStringConvertible {
    var description: String { "secret" }
}

/// A method as an argument of a test.
enum HTTPMethodName: CaseIterable {
    case put, delete, patch, options

    var value: HTTPRequest.Method {
        switch self {
        case .put: .put
        case .delete: .delete
        case .patch: .patch
        case .options: .options
        }
    }
}

extension HTTPField.Name {
    static var retryAfter: HTTPField.Name {
        get throws { try nameOf("retry-after") }
    }

    private static func nameOf(_ text: String) throws -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { throw UnknownError() }
        return name
    }
}

extension [UInt8] {
    /// Whether the bytes stand somewhere in here.
    func contains(subsequence: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: subsequence) }
    }
}
