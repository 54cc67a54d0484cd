// DeleteCommand.swift - skein delete.

import ArgumentParser
import CollectorServer
import Foundation
import TraceModel
import TraceStore

/// `skein delete`: deletes traces, also while the collector runs.
struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes traces, by id or by filters.",
        discussion: """
            Filters are those of 'GET /v1/traces': --filter project=shop --filter end_time=2025-01-01. All of them have to \
            match. On a terminal it asks before it deletes.
            """
    )

    @Argument(help: ArgumentHelp("The ids of traces, 32 hex digits each.", valueName: "trace-id"))
    var ids: [String] = []

    @Option(
        help: ArgumentHelp("A condition that traces to delete meet; again for each.", valueName: "name=value")
    )
    var filter: [String] = []

    @Flag(help: "Delete every trace that there is.")
    var all = false

    @Option(help: "Only in this project.")
    var project: String?

    @Flag(help: "Only say how many would be deleted.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var place: DataPlace

    func validate() throws {
        _ = try filters()
        for id in ids where TraceID(hex: id) == nil {
            throw ValidationError("'\(id)' is no trace id; one has 32 hex digits, not all zero")
        }
        let isByFilter = all || !filter.isEmpty
        guard ids.isEmpty == isByFilter else {
            throw ValidationError("name traces by id, or by --filter or --all; one of them")
        }
    }

    func run() async throws {
        try await reportingErrors {
            let traces = try await OwnedTraces(try place.settings())
            do {
                try await delete(traces)
                await traces.close()
            } catch {
                await traces.close()
                throw error
            }
        }
    }

    private func delete(_ traces: OwnedTraces) async throws {
        let isAsking = !yes && !dryRun && isatty(STDIN_FILENO) == 1
        if dryRun || isAsking {
            let count = try await remove(traces, isDryRun: true)
            if dryRun {
                print("\(count) traces would be deleted")
                return
            }
            note("delete \(count) traces for good? [y/N]")
            guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
                throw StoreError(code: .invalid, message: "nothing was deleted")
            }
        }
        print("\(try await remove(traces, isDryRun: false)) traces deleted")
    }

    private func remove(_ traces: OwnedTraces, isDryRun: Bool) async throws -> Int {
        guard ids.isEmpty else {
            var sum = 0
            for id in ids.compactMap({ TraceID(hex: $0) }) {
                sum += try await traces.remove(id, project: project, isDryRun: isDryRun)
            }
            return sum
        }
        let isTerminal = isatty(STDERR_FILENO) == 1
        let count = try await traces.remove(matching: try filters(), isDryRun: isDryRun) { count in
            guard isTerminal else { return }
            FileHandle.standardError.write(Data("\r\(count) traces".utf8))
        }
        if isTerminal { FileHandle.standardError.write(Data("\r".utf8)) }
        return count
    }

    private func filters() throws -> [(name: String, value: String)] {
        var filters: [(name: String, value: String)] = []
        for text in filter {
            guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
                throw ValidationError("'\(text)' is no filter; one looks like service=shop")
            }
            filters.append((String(text[..<sign]), String(text[sign...].dropFirst())))
        }
        if let project { filters.append(("project", project)) }
        if all { filters.append(("all", "true")) }
        return filters
    }
}
