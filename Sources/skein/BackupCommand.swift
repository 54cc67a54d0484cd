// BackupCommand.swift - skein backup.

import ArgumentParser
import CollectorServer
import Foundation

/// `skein backup`: a copy of the database, also while the collector runs.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies the database to a file, also while the collector runs.",
        discussion: """
            The copy is as of one moment: everything that was acknowledged before is in it. It becomes the data of a \
            collector as the file skein.db in an empty data folder.
            """
    )

    @Argument(help: "The file to write.")
    var destination: String

    @Flag(help: "Replace the file when it is there.")
    var force = false

    @OptionGroup var place: DataPlace

    func run() throws {
        try reportingErrors {
            let bytes = try OwnedBackup.copy(
                directory: try place.settings().dataDirectory,
                to: destination,
                replacing: force
            )
            note("\(bytes) bytes in \(destination)")
        }
    }
}
