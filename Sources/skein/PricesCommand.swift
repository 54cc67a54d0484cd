// PricesCommand.swift - skein prices.

import ArgumentParser
import CollectorServer
import Foundation
import Pricing

/// `skein prices`: looks at the price table.
struct PricesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prices",
        abstract: "Shows what models cost.",
        discussion: "All prices are USD for a million tokens; those for a request or a search are USD for one.",
        subcommands: [List.self, Check.self]
    )

    /// `skein prices list`: every model.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Lists the models and what they cost now."
        )

        @Option(help: "Only models of this provider, by its name in the list.")
        var provider: String?

        @OptionGroup var place: DataPlace

        @Flag(help: "As JSON, one object.")
        var json = false

        func run() throws {
            try reportingErrors {
                let table = try PricesCommand.table(place)
                let wanted = provider?.lowercased()
                let entries = table.entries(at: PricesCommand.now()).filter { wanted == nil || $0.provider == wanted }
                try write(json ? PriceText.json(table, entries) : PriceText.text(table, entries))
            }
        }
    }

    /// `skein prices check MODEL`: how one model's price is found; ends with status 1 when it has none.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Shows how the price of a model is found; ends with status 1 when it has none."
        )

        @Argument(help: "The model's name, as spans have it.")
        var model: String

        @Option(help: "The provider, as spans name it.")
        var provider: String?

        @Option(help: "The host name of the server that is called.")
        var host: String?

        @OptionGroup var place: DataPlace

        @Flag(help: "As JSON, one object.")
        var json = false

        func run() throws {
            try reportingErrors {
                let table = try PricesCommand.table(place)
                let query = PriceQuery(provider: provider, host: host, requestModel: model)
                let explanation = table.explain(query, at: PricesCommand.now())
                try write(json ? PriceText.json(table, explanation) : PriceText.text(table, explanation))
                if explanation.match == nil { throw ExitCode(1) }
            }
        }
    }

    /// The table of the program, with the prices of the configuration before it.
    static func table(_ place: DataPlace) throws -> PriceTable {
        try PriceTable.embedded().adding(try place.settings().prices)
    }

    private static func now() -> Int64 {
        Int64(Date().timeIntervalSince1970) * 1_000_000_000
    }
}
