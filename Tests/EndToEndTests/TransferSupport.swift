// TransferSupport.swift - what the tests of exports and imports need.

import CollectorServer
import Foundation
import NIOCore
import TestSupport
import Testing
import TraceModel

/// A folder for files, removed with its last reference.
final class TransferFolder: Sendable {
    let folder = LiveServer.temporaryFolder()

    init() {
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    func path(_ name: String) -> String { folder + "/" + name }

    /// Writes a file and gives its path.
    func write(_ bytes: some Sequence<UInt8>, as name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }
}

extension LiveServer {
    /// Sends a request in protobuf, which has to be taken.
    func post(_ path: String, _ body: Data, project: String? = nil) async throws {
        var headers = [("Content-Type", "application/x-protobuf")]
        if let project { headers.append(("X-Skein-Project", project)) }
        let answer = try await send(.POST, path, headers: headers, body: body)
        #expect(answer.status == 200 && answer.body.isEmpty)
    }

    /// The lines of an answer that must be 200.
    func lines(_ path: String) async throws -> [String] {
        let answer = try await send(.GET, path)
        #expect(answer.status == 200, "\(path): \(answer.text)")
        return answer.text.split(whereSeparator: \.isNewline).map(String.init)
    }

    /// Lends the way to the API by the server's address.
    func withAPI<Result>(_ body: (APIAccess) async throws -> Result) async throws -> Result {
        try await Self.withAPI(folder: folder, url: url, body)
    }

    /// Lends a way to the API: by an address, else of the owner of a folder.
    static func withAPI<Result>(
        folder: String,
        url: String? = nil,
        _ body: (APIAccess) async throws -> Result
    ) async throws -> Result {
        let access = try await APIAccess.open(CollectorConfig(dataDirectory: folder), url: url)
        do {
            let result = try await body(access)
            await access.close()
            return result
        } catch {
            await access.close()
            throw error
        }
    }
}

extension TransferTests {
    /// The projects of the source: one of each capture, and those of `postOddities`.
    static let projects = Fixtures.captures + ["default", "elsewhere", "odd \"name\"\\ 😀"]

    static func object(_ line: String) -> [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]) ?? [:]
    }

    /// Imports files into an empty server, by one of the ways, and hands it on.
    static func withImported(
        _ files: [String],
        by way: Way,
        _ body: @escaping @Sendable (LiveServer, ImportReport) async throws -> Void
    ) async throws {
        let folder = LiveServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        @Sendable func imported(_ url: String?) async throws -> ImportReport {
            try await LiveServer.withAPI(folder: folder, url: url) { access in
                switch way {
                case .url: #expect(access.way == .server(url ?? ""))
                case .socket: #expect(access.way == .socket)
                case .store: #expect(access.way == .store)
                }
                var importer = try Importer(access)
                for file in files { try await importer.add(file) }
                return importer.report
            }
        }
        let early = way == .store ? try await imported(nil) : nil
        try await LiveServer.run(folder: folder) { (server: LiveServer) async throws -> Void in
            let report: ImportReport
            if let early { report = early } else { report = try await imported(way == .url ? server.url : nil) }
            try await body(server, report)
        }
    }

    /// Traces that captures do not have: superseded versions, ties, texts that need escapes, projects against resources.
    static func postOddities(to server: LiveServer) async throws {
        var versions = [
            SampleSpan(trace: 1, id: 1, name: "first"), SampleSpan(trace: 1, id: 1, name: "winner", lasting: 5_000_000),
        ]
        versions.append(
            SampleSpan(trace: 1, id: 2, parent: 1, name: "child").with(("logfire.span_type", "pending_span"))
        )
        versions.append(SampleSpan(trace: 1, id: 2, parent: 1, name: "child", lasting: 2_000_000))
        for version in versions { try await server.post("/v1/traces", Data(SampleSpan.request([version]))) }
        // Traces that start together keep their order.
        for trace in [9, 4, 7] as [UInt64] {
            try await server.post("/v1/traces", Data(SampleSpan.request([SampleSpan(trace: trace, id: 1, at: 77)])))
        }
        let odd = SampleSpan(trace: 20, id: 1, name: "\u{0}\u{1}\"\\\n\u{2028}😀").with(
            ("real", .real(.nan)),
            ("large", .whole(.min)),
            ("small", .real(.leastNonzeroMagnitude)),
            ("text", "\r\n\t\u{7F}")
        )
        try await server.post("/v1/traces", Data(SampleSpan.request([odd])), project: projects.last)
        // Its resource names a project, the header another one, which holds.
        let named = WireWriter { request in
            request.message(1) { resourceSpans in
                resourceSpans.message(1) { $0.attribute(1, "openinference.project.name", "elsewhere") }
                resourceSpans.message(2) { $0.sized(2, SampleSpan(trace: 30, id: 1).bytes) }
            }
        }
        try await server.post("/v1/traces", Data(named.bytes), project: "default")
        var other = SampleSpan(trace: 30, id: 1)
        other.name = "the same trace elsewhere"
        try await server.post("/v1/traces", Data(SampleSpan.request([other])), project: "elsewhere")
    }

    /// Everything that a server answers of these projects, by path.
    static func answers(of server: LiveServer, projects: [String]) async throws -> [String: String] {
        var answers: [String: String] = [:]
        for project in projects {
            let name = project.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            var cursor: String? = ""
            var page = 0
            while let next = cursor {
                let path = "/v1/traces?limit=100&project=\(name)\(next.isEmpty ? "" : "&cursor=\(next)")"
                let answer = try await server.send(.GET, path).object()
                let rows = try #require(answer["data"] as? [[String: Any]], "\(path): \(answer)")
                let json = try JSONSerialization.data(withJSONObject: rows, options: [.sortedKeys])
                answers["/v1/traces?project=\(name)&page=\(page)"] = String(decoding: json, as: UTF8.self)
                for row in rows {
                    let detail = "/v1/traces/\(try #require(row["trace_id"] as? String))?project=\(name)"
                    answers[detail] = try await server.send(.GET, detail).text
                }
                cursor = (answer["pagination"] as? [String: Any])?["next_cursor"] as? String
                page += 1
            }
            let calls = "/v1/calls?limit=1000&counted=all&project=\(name)"
            answers[calls] = try await server.send(.GET, calls).text
        }
        // Of a call that several traces show the one that came first stands, which may be another one after an import.
        let counted = try await server.send(.GET, "/v1/calls?limit=1000").object()
        answers["/v1/calls"] = "\(counted["total"] as? Int ?? -1) calls"
        return answers
    }
}

/// A table read by the letter of RFC 4180.
struct CSVTable {
    let head: [String]
    let rows: [[String]]

    init(_ text: String) {
        var rows: [[String]] = [[""]]
        var isQuoted = false
        var bytes = Array(text.unicodeScalars)[...]
        while let scalar = bytes.popFirst() {
            if isQuoted {
                if scalar != "\"" {
                    rows[rows.count - 1][rows[rows.count - 1].count - 1].unicodeScalars.append(scalar)
                } else if bytes.first == "\"" {
                    bytes.removeFirst()
                    rows[rows.count - 1][rows[rows.count - 1].count - 1].unicodeScalars.append(scalar)
                } else {
                    isQuoted = false
                }
            } else if scalar == "\"" {
                isQuoted = true
            } else if scalar == "," {
                rows[rows.count - 1].append("")
            } else if scalar == "\r", bytes.first == "\n" {
                bytes.removeFirst()
                rows.append([""])
            } else {
                rows[rows.count - 1][rows[rows.count - 1].count - 1].unicodeScalars.append(scalar)
            }
        }
        rows.removeLast()
        head = rows.first ?? []
        self.rows = Array(rows.dropFirst())
    }

    func column(_ name: String) -> [String] {
        guard let place = head.firstIndex(of: name) else { return [] }
        return rows.map { $0[place] }
    }
}
