// PriceText.swift - prices as a person or a program reads them.

import Foundation
import Pricing

/// Shows prices.
enum PriceText {
    /// Columns under their headings, of the prices that most models have.
    static func text(_ table: PriceTable, _ entries: [PriceEntry]) -> String {
        let kinds: [PriceKind] = [.input, .output, .cacheRead, .cacheWrite5m]
        var lines = [["PROVIDER", "MODEL"] + kinds.map { $0.name.uppercased() }]
        for entry in entries {
            let prices = entry.steps.first?.prices ?? []
            lines.append(
                [entry.provider.isEmpty ? "*" : entry.provider, entry.model]
                    + kinds.map { kind in prices.first { $0.kind == kind }?.text ?? "-" }
            )
        }
        return "\(columns(lines))\(entries.count) models, prices of \(table.asOf)\n"
    }

    /// The steps that were tried, what was found, and its prices.
    static func text(_ table: PriceTable, _ explanation: PriceExplanation) -> String {
        var lines = [["STEP", "NAME", "PROVIDER", "FOUND"]]
        for attempt in explanation.attempts {
            let found = attempt.isFound ? "yes" : "no"
            lines.append([attempt.step.summary, attempt.name, attempt.provider ?? "any", found])
        }
        let tried = lines.count > 1 ? columns(lines) + "\n" : ""
        guard let match = explanation.match else { return tried + "no price: the cost of its calls is unknown\n" }
        return tried + headline(match) + (explanation.entry.map { prices(table, $0) } ?? "")
    }

    private static func headline(_ match: PriceMatch) -> String {
        let estimated = match.isEstimated ? ", estimated" : ""
        let name = match.provider.isEmpty ? match.model : "\(match.provider) \(match.model)"
        return switch match.basis {
        case .free: "\(name): free, nobody charges for it\n"
        case .custom: "\(name): a price of the configuration\n"
        case .listed: "\(name): found \(match.step.summary)\(estimated)\n"
        }
    }

    private static func prices(_ table: PriceTable, _ entry: PriceEntry) -> String {
        var text = "row \(entry.row + 1) of \(entry.rowCount)"
        if let from = entry.from { text += ", from \(from)" }
        if !entry.utc.isEmpty { text += ", \(entry.utc.joined(separator: " to ")) UTC" }
        text += ", prices of \(table.asOf)\n"
        text += entry.steps.map { step(nil, $0) }.joined()
        for variant in entry.variants { text += variant.steps.map { step(variant.variant.name, $0) }.joined() }
        return text
    }

    private static func step(_ variant: String?, _ step: ListedStep) -> String {
        let conditions = [variant, step.above.map { "input above \($0) tokens" }].compactMap { $0 }
        let heading = conditions.isEmpty ? "" : conditions.joined(separator: ", ") + "\n"
        return heading + columns(step.prices.map { ["  " + $0.kind.name, $0.text] })
    }

    private static func columns(_ lines: [[String]]) -> String {
        guard let first = lines.first else { return "" }
        let widths = first.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            let cells = zip(line, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
            var text = cells.joined(separator: "  ")
            while text.last == " " { text.removeLast() }
            return text + "\n"
        }.joined()
    }
}
