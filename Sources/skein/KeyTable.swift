// KeyTable.swift - keys as a person or a program reads them.

import Foundation
import TraceModel
import TraceStore

/// Shows keys without their secrets.
enum KeyTable {
    private struct Row: Encodable {
        let id: String
        let name: String
        let project: String
        let scopes: [String]
        let createdAt: String
        let revokedAt: String?

        enum CodingKeys: String, CodingKey {
            case id, name, project, scopes
            case createdAt = "created_at"
            case revokedAt = "revoked_at"
        }

        init(_ key: AccessKey) {
            id = key.id
            name = key.name
            project = key.project
            scopes = key.scopes.map(\.rawValue).sorted()
            createdAt = KeyTable.time(key.createdAt)
            revokedAt = key.revokedAt.map(KeyTable.time)
        }
    }

    /// An array, one object for each key.
    static func json(_ keys: [AccessKey]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(keys.map(Row.init)), as: UTF8.self) + "\n"
    }

    /// Columns under their headings; a line that says so when there is no key.
    static func text(_ keys: [AccessKey]) -> String {
        guard !keys.isEmpty else { return "no keys: requests from this machine need none\n" }
        var lines = [["ID", "PROJECT", "SCOPES", "CREATED", "REVOKED", "NAME"]]
        for row in keys.map(Row.init) {
            lines.append(
                [row.id, row.project, row.scopes.joined(separator: ","), row.createdAt, row.revokedAt ?? "-", row.name]
            )
        }
        let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            let cells = zip(line, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
            return cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces) + "\n"
        }.joined()
    }

    private static func time(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }
}
