// TestErrors.swift - errors that the tests use.

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

extension [UInt8] {
    /// Whether the bytes stand somewhere in here.
    func contains(subsequence: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: subsequence) }
    }
}
