// APIPlace.swift - the options that say where an API is.

import ArgumentParser
import CollectorServer
import Foundation

/// The options of commands that ask a server, or the data of a directory.
struct APIPlace: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A server, such as http://127.0.0.1:4318 (SKEIN_URL; default: the data folder).",
            valueName: "url"
        )
    )
    var url: String?

    @Option(help: ArgumentHelp("A key of that server (SKEIN_KEY).", valueName: "key"))
    var key: String?

    @OptionGroup var place: DataPlace

    /// The way to the server that is named; else to the data folder.
    ///
    /// A folder without a database gets one only where that is asked for.
    func open(makingDatabase: Bool = false) async throws -> APIAccess {
        let environment = ProcessInfo.processInfo.environment
        let isFolderNamed = place.dataDir != nil
        let address = url ?? (isFolderNamed ? nil : environment["SKEIN_URL"].flatMap { $0.isEmpty ? nil : $0 })
        let secret = key ?? environment["SKEIN_KEY"].flatMap { $0.isEmpty ? nil : $0 }
        return try await APIAccess.open(
            try place.settings(),
            url: address,
            key: secret,
            makesDatabase: makingDatabase
        )
    }

    /// Opens the way, runs something and closes it, whatever happens.
    func use(makingDatabase: Bool = false, _ work: (APIAccess) async throws -> Void) async throws {
        let access = try await open(makingDatabase: makingDatabase)
        do {
            try await work(access)
        } catch {
            await access.close()
            throw error
        }
        await access.close()
    }
}
