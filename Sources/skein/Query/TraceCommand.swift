// TraceCommand.swift - skein trace.

import ArgumentParser
import CollectorServer
import TerminalText
import TraceModel

/// `skein trace ID`: one trace as a tree.
struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Shows one trace as a tree.",
        discussion: """
            Each line is a span: where it lies in time, how long it took, its tokens (in → out) and cost. In brackets stands \
            what does not count, since other spans show the same usage. Many spans of one name are one line.
            """
    )

    @Argument(help: "The id of the trace, or its first digits if it is among the newest 1,000.")
    var id: String

    @Flag(help: "A line for each span, also where many repeat each other.")
    var all = false

    @Option(help: ArgumentHelp("The project, where several have a trace of this id.", valueName: "name"))
    var project: String?

    @OptionGroup var place: QueryPlace

    /// Spans of one answer.
    private static let pageSize = 5_000
    /// Pages of the list in which a prefix is looked for.
    private static let mostPages = 10

    func run() async throws {
        try await place.asking { api in
            let path = "/v1/traces/" + (try await wholeID(api))
            if place.json { return try await api.copy(path, scope) }
            let tree = try await tree(api, path)
            try StandardOutput.write(tree.text(StandardOutput.place(), isUnfolded: all))
        }
    }

    private var scope: [(name: String, value: String)] { project.map { [("project", $0)] } ?? [] }

    private func tree(_ api: APIAccess, _ path: String) async throws -> TraceTree {
        let query = scope + [("fields", "summary"), ("limit", "\(Self.pageSize)")]
        var answer = try await api.json(path, query)
        guard var tree = TraceTree(answer) else { throw UnreadableAnswer() }
        while let cursor = answer[path: ["pagination", "next_cursor"]]?.string {
            answer = try await api.json(path, query + [("cursor", cursor)])
            tree.add(answer)
        }
        return tree
    }

    /// The id, when these are the first digits of one of the newest traces only.
    private func wholeID(_ api: APIAccess) async throws -> String {
        let wanted = id.lowercased().filter { $0 != "-" }
        // Anything else is for the server to judge, without a character that means something in a path.
        guard wanted.utf8.allSatisfy({ ("0"..."9").contains(Character(UnicodeScalar($0))) || (97...102).contains($0) }),
            !wanted.isEmpty
        else { throw NoSuchTrace(message: "'\(SafeText.line(id))' is no id of a trace: an id has 32 hex digits") }
        guard wanted.count < 32 else { return wanted }
        var found: Set<String> = []
        var query = scope + [("limit", "100")]
        for _ in 1...Self.mostPages {
            let page = try await api.json("/v1/traces", query)
            let ids = (page["data"]?.array ?? []).compactMap { $0["trace_id"]?.string }
            found.formUnion(ids.filter { $0.hasPrefix(wanted) })
            guard let cursor = page[path: ["pagination", "next_cursor"]]?.string else { break }
            query = scope + [("limit", "100"), ("cursor", cursor)]
        }
        guard let only = found.first, found.count == 1 else { throw NoSuchTrace(prefix: wanted, found: found) }
        return only
    }
}

/// No trace, or more than one, has an id that begins so.
private struct NoSuchTrace: CollectorError {
    let message: String
    var code: ErrorCode { .notFound }

    init(message: String) {
        self.message = message
    }

    init(prefix: String, found: Set<String>) {
        message =
            found.isEmpty
            ? "none of the newest traces has an id that begins with \(prefix); give the whole id, 32 digits"
            : "several traces begin with \(prefix): \(found.sorted().prefix(5).joined(separator: ", "))"
    }
}
