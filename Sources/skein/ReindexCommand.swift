// ReindexCommand.swift - skein reindex.

import ArgumentParser
import CollectorServer
import Foundation

/// `skein reindex`: makes the text index and what attributes, tools and prompts are found by again.
struct ReindexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reindex",
        abstract: "Makes the search index again.",
        discussion: """
            Words, attributes, tools and prompts of stored spans are found through an index. This empties it and fills it \
            anew, for example after the index was off for some time. The collector that runs on the directory does so \
            beside its work, and searches find more and more meanwhile; without one the command does it and shows how far \
            it is. The spans themselves stay as they are.
            """
    )

    @OptionGroup var place: DataPlace

    func run() async throws {
        try await reportingErrors {
            let isTerminal = isatty(STDERR_FILENO) == 1
            let done = try await OwnedIndex.reindex(try place.settings()) { progress in
                guard isTerminal else { return }
                let line = "\r\(progress.parts - progress.waiting) of \(progress.parts) parts "
                FileHandle.standardError.write(Data(line.utf8))
            }
            if isTerminal { FileHandle.standardError.write(Data("\r".utf8)) }
            print(
                done.isElsewhere
                    ? "the running collector indexes \(done.parts) parts again; /metrics shows how many are left"
                    : "\(done.parts) parts indexed"
            )
        }
    }
}
