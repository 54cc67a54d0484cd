// TailCommand.swift - skein tail.

import ArgumentParser
import CollectorServer
import Foundation
import TerminalText
import TraceModel

/// `skein tail`: follows what arrives.
struct TailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Follows traces as they arrive.",
        discussion: """
            A line when a trace begins, and one when it is whole. A broken connection is taken up again where it was. With \
            --json each event is one line: {"event":"trace","data":{...}}.
            """
    )

    @OptionGroup var filters: QueryFilters

    @OptionGroup var place: QueryPlace

    func run() async throws {
        try await place.asking { api in
            guard api.way != .store else { throw NothingRuns() }
            try await follow(api)
        }
    }

    /// Seconds before the connection is tried again, after the first failure and later.
    private static let pauses = [1, 2, 5, 10]

    private func follow(_ api: APIAccess) async throws {
        var printer = TailPrinter(isJSON: place.json, place: StandardOutput.place())
        var reader = EventStreamReader()
        var failures = 0
        while true {
            // Half an event of a connection that broke is no beginning of the next one.
            reader = EventStreamReader(lastID: reader.lastID)
            do {
                let parameters = try filters.parameters() + (reader.lastID.map { [("last_event_id", $0)] } ?? [])
                let answer = try await api.get("/v1/live", parameters).checked()
                if failures > 0 { note("connected again") }
                failures = 0
                for try await chunk in answer.body {
                    for event in reader.take(chunk) { try printer.print(event) }
                }
            } catch let refusal as APIRefusal where refusal.code != .unavailable {
                throw refusal
            } catch let error as any CollectorError {
                // At the first time there is nothing to go on from.
                if reader.lastID == nil { throw error }
                if failures == 0 { note("\(error.message); trying again") }
            }
            let pause = Self.pauses[min(failures, Self.pauses.count - 1)]
            failures += 1
            try await Task.sleep(for: .seconds(pause))
        }
    }
}

/// Prints events of a live stream.
private struct TailPrinter {
    let isJSON: Bool
    private var text: LiveText

    init(isJSON: Bool, place: TextPlace) {
        self.isJSON = isJSON
        text = LiveText(place)
    }

    mutating func print(_ event: StreamEvent) throws {
        if isJSON {
            guard event.name.utf8.allSatisfy({ (97...122).contains($0) }) else { return }
            return try StandardOutput.write(
                Array("{\"event\":\"\(event.name)\",\"data\":".utf8) + event.data + [0x7D, 0x0A]
            )
        }
        guard let data = APIJSON.read(event.data) else { return }
        switch event.name {
        case "trace":
            if let line = text.line(data) { try StandardOutput.write(line) }
        case "skipped": note("\(data["count"]?.number ?? "some") more at that time")
        case "reset": note("some traces were missed")
        default: break
        }
    }
}

/// There is nothing to follow.
private struct NothingRuns: CollectorError {
    var code: ErrorCode { .unavailable }
    var message: String {
        "no server uses this data folder, so that nothing arrives; start one with 'skein serve', or name one with --url"
    }
}
