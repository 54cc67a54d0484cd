// QueryFilters.swift - the options that filter traces and calls.

import ArgumentParser
import CollectorServer

/// The options that filter; every filter of the API can be given by its name.
struct QueryFilters: ParsableArguments {
    @Option(help: ArgumentHelp("Only this project.", valueName: "name"))
    var project: String?

    @Option(help: ArgumentHelp("Only with this model; * stands for any text.", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("Only of this service.", valueName: "name"))
    var service: String?

    @Option(
        help: ArgumentHelp(
            "Only with this status: ok or error; of calls success, error or timeout.",
            valueName: "status"
        )
    )
    var status: String?

    @Option(help: ArgumentHelp("Only of this session.", valueName: "id"))
    var session: String?

    @Option(help: ArgumentHelp("Only of this user.", valueName: "id"))
    var user: String?

    @Option(
        help: ArgumentHelp(
            "Only since then: how long ago (90s, 15m, 1h, 7d, 4w) or a time (2026-01-15, 2026-01-15T10:30:00Z).",
            valueName: "when"
        )
    )
    var since: String?

    @Option(help: ArgumentHelp("Only before then, in the same form.", valueName: "when"))
    var until: String?

    @Option(
        help: ArgumentHelp(
            "Any other parameter of the API; again for each, such as min_cost=0.01.",
            valueName: "name=value"
        )
    )
    var filter: [String] = []

    /// What the parameters of one path are called.
    struct Names {
        var model = "model"
        var service = "service"
        var from = "start_time"
        var until = "end_time"

        static let traces = Names()
        static let stats = Names(from: "from", until: "to")
        static let calls = Names(model: "model_id", service: "source", from: "start_date", until: "end_date")
    }

    /// As parameters of a URL.
    func parameters(_ names: Names = .traces) throws -> [(name: String, value: String)] {
        let given: [(String, String?)] = [
            ("project", project), (names.model, model), (names.service, service), ("status", status),
            ("session_id", session), ("user_id", user), (names.from, since.map(Self.time)),
            (names.until, until.map(Self.time)),
        ]
        return given.compactMap { name, value in value.map { (name, $0) } } + others
    }

    private var others: [(name: String, value: String)] {
        filter.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
    }

    func validate() throws {
        for text in filter where !text.dropFirst().contains("=") {
            throw ValidationError("'\(text)' is no filter; a filter is like min_cost=0.01")
        }
        for (option, text) in [("--since", since), ("--until", until)] {
            guard let text, TimeOption.time(text) == nil else { continue }
            throw ValidationError("'\(text)' is no time for \(option), which takes \(TimeOption.forms)")
        }
    }

    /// A time ago as a time; anything else as it is, for the server to read.
    static func time(_ text: String) -> String {
        TimeOption.time(text) ?? text
    }
}
