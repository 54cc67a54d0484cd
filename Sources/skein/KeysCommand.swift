// KeysCommand.swift - skein keys.

import ArgumentParser
import CollectorServer
import Foundation
import TraceModel
import TraceStore

/// `skein keys`: makes, lists and revokes keys, also while the collector runs.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Makes, lists and revokes keys.",
        discussion: """
            Once there is a key, every request needs one, except /health and /ready. A key belongs to one project: what it \
            sends goes there, and it reads nothing else. Changes count at once, also in a server that runs.
            """,
        subcommands: [Create.self, List.self, Revoke.self]
    )

    /// `skein keys create`: the key is the one line on standard output.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Makes a key and shows it, this once."
        )

        @Option(help: "The project that the key writes to and reads.")
        var project = ProjectName.standard

        @Option(
            name: [.customLong("scope"), .customLong("scopes")],
            help: ArgumentHelp(
                "What it may do: ingest, read, admin; again or with commas for more. admin may do everything.",
                valueName: "scope"
            )
        )
        var scope: [String] = ["ingest", "read"]

        @Option(help: "What the key is for, such as the name of an application.")
        var name = ""

        @OptionGroup var place: DataPlace

        func run() async throws {
            try await reportingErrors { try await create() }
        }

        private func create() async throws {
            let key = APIKey()
            let record = try key.record(name: name, project: project, scopes: try scopes())
            let isFirst = try await add(record)
            try write(key.text + "\n")
            let words = record.scopes.map(\.rawValue).sorted().joined(separator: ", ")
            note("key \(key.id) for project '\(project)': \(words). It is not shown again.")
            if isFirst { note("It is the first key: from now on requests without one are refused.") }
        }

        /// Adds a key; gives whether it is the first one.
        private func add(_ record: AccessKey) async throws -> Bool {
            let keys = try await place.keys()
            let isFirst = try await keys.keys().isEmpty
            try await keys.addKey(record)
            return isFirst
        }

        func validate() throws {
            _ = try scopes()
        }

        private func scopes() throws -> Set<AccessScope> {
            var scopes: Set<AccessScope> = []
            for word in scope.flatMap({ $0.split(separator: ",") }) {
                guard let scope = AccessScope(rawValue: word.trimmingCharacters(in: .whitespaces)) else {
                    let known = AccessScope.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("there is no scope '\(word)'; there are \(known)")
                }
                scopes.insert(scope)
            }
            guard !scopes.isEmpty else { throw ValidationError("a key needs at least one scope") }
            return scopes
        }
    }

    /// `skein keys list`: every key, never its secret.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Lists the keys, without secrets."
        )

        @Flag(help: "As JSON, one array.")
        var json = false

        @OptionGroup var place: DataPlace

        func run() async throws {
            try await reportingErrors {
                let keys = try await place.keys(makingDatabase: false).keys()
                try write(json ? KeyTable.json(keys) : KeyTable.text(keys))
            }
        }
    }

    /// `skein keys revoke ID`.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke",
            abstract: "Revokes a key for good.",
            discussion: """
                Requests need a key also when the last one was revoked, so that revoking never opens a door.
                """
        )

        @Argument(help: "The id of the key, as 'skein keys list' shows it.")
        var id: String

        @OptionGroup var place: DataPlace

        func run() async throws {
            try await reportingErrors {
                let keys = try await place.keys()
                guard try await keys.revokeKey(APIKey(id)?.id ?? id) != nil else {
                    throw StoreError(
                        code: .notFound,
                        message: "there is no key \(id); 'skein keys list' shows which there are"
                    )
                }
                note("revoked.")
            }
        }
    }
}

/// The options that name a data directory.
struct DataPlace: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A YAML file with settings (SKEIN_CONFIG; default: skein.yaml in the data folder, if it is there).",
            valueName: "file"
        )
    )
    var config: String?

    @Option(
        help: ArgumentHelp(
            "Where the data lies (SKEIN_DATA_DIR; default: $XDG_DATA_HOME/skein or ~/.local/share/skein).",
            valueName: "dir"
        )
    )
    var dataDir: String?

    /// The keys there, in a database that is made if need be and wanted.
    ///
    /// Never inlined: the optimiser of Swift 6.3 fails on what becomes of its callers then.
    @inline(never)
    func keys(makingDatabase: Bool = true) async throws -> any KeyStore {
        try await OwnedKeys.open(directory: try settings().dataDirectory, makesDatabase: makingDatabase)
    }

    /// The configuration that holds there.
    func settings() throws -> CollectorConfig {
        var flags = CollectorFlags(dataDirectory: dataDir)
        flags.config = config
        return try LoadedConfig(flags: flags, environment: ProcessInfo.processInfo.environment).config
    }
}
