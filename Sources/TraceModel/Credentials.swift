// Credentials.swift - the keys that came with a request.

import Foundation

/// The keys that came with a request, in every place where clients put them.
public struct Credentials: Sendable, Equatable {
    /// What may be a key, best place first; empty when nothing came.
    public let candidates: [String]

    /// Reads the places where clients put keys.
    ///
    /// - Parameters:
    ///   - authorization: Values of `Authorization`: `Bearer KEY`, `Basic` with the key as the password (RFC 7617), or
    ///     the key alone.
    ///   - keys: Values of `x-api-key` and `api_key`.
    public init(authorization: [String], keys: [String]) {
        candidates = (authorization.flatMap(Self.keys) + keys.map(Self.trimmed)).filter { !$0.isEmpty }
    }

    /// Reads them by name from header fields or metadata.
    ///
    /// - Parameter values: The values of a name in lower case.
    public init(_ values: (_ name: String) -> [String]) {
        self.init(authorization: values("authorization"), keys: values("x-api-key") + values("api_key"))
    }

    private static func keys(in value: String) -> [String] {
        let text = trimmed(value)
        guard let space = text.firstIndex(of: " ") else { return [text] }
        let rest = trimmed(String(text[space...]))
        switch text[..<space].lowercased() {
        case "bearer": return [rest]
        case "basic": return password(rest).map { [$0] } ?? []
        default: return []
        }
    }

    private static func password(_ encoded: String) -> String? {
        guard let data = Data(base64Encoded: encoded), let colon = data.firstIndex(of: UInt8(ascii: ":")) else {
            return nil
        }
        return String(data: data[data.index(after: colon)...], encoding: .utf8)
    }

    private static func trimmed(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespaces)
    }
}
