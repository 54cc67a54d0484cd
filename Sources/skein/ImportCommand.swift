// ImportCommand.swift - skein import.

import ArgumentParser
import CollectorServer
import Foundation
import TraceModel

/// `skein import`: files of OTLP into a server or a data folder.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Reads files of OTLP into the store.",
        discussion: """
            Reads what 'skein export' writes, and what the file exporter of the OpenTelemetry Collector writes, as JSON \
            or protobuf, plain or gzip. What is stored already counts as duplicate, so that an import can be repeated.
            """
    )

    @Argument(help: "The files; - is standard input.")
    var files: [String]

    @Option(help: "The project of everything, whatever the files say.")
    var project: String?

    @Flag(help: "Pass over what cannot be read, and go on.")
    var skipBad = false

    @OptionGroup var api: APIPlace

    func run() async throws {
        try await reportingErrors {
            try await api.use(makingDatabase: true) { access in
                let isTerminal = isatty(STDERR_FILENO) == 1
                var importer = try Importer(access, project: project, skipsBad: skipBad, note: note) { report in
                    guard isTerminal else { return }
                    FileHandle.standardError.write(Data("\r\(report.stored + report.duplicates) spans".utf8))
                }
                do {
                    for file in files { try await importer.add(file) }
                } catch {
                    if isTerminal { FileHandle.standardError.write(Data("\r".utf8)) }
                    note("stopped: \(importer.report.line)")
                    throw error
                }
                if isTerminal { FileHandle.standardError.write(Data("\r".utf8)) }
                try write(importer.report.line + "\n")
            }
        }
    }

    func validate() throws {
        if files.isEmpty { throw ValidationError("name at least one file, or - for standard input") }
    }
}
