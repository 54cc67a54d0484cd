// RepriceCommand.swift - skein reprice.

import ArgumentParser
import CollectorServer
import Foundation
import TraceStore

/// `skein reprice`: computes stored costs again, also while the collector runs.
struct RepriceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reprice",
        abstract: "Computes the costs of stored calls again.",
        discussion: """
            Costs are computed when calls arrive and then stay, whatever becomes of the price table. This computes them by \
            the prices of now: of the collector that runs on the directory, else of this program and the configuration. \
            Costs that senders reported still win, and what was computed on arrival stays beside the new cost.
            """
    )

    @OptionGroup var place: DataPlace

    func run() async throws {
        try await reportingErrors {
            let isTerminal = isatty(STDERR_FILENO) == 1
            let done = try await OwnedPrices.reprice(try place.settings()) { progress in
                guard isTerminal else { return }
                let line = "\r\(progress.traces) traces"
                FileHandle.standardError.write(Data(line.utf8))
            }
            if isTerminal { FileHandle.standardError.write(Data("\r".utf8)) }
            print("\(done.traces) traces with calls; the cost of \(done.calls) calls changed")
        }
    }
}
