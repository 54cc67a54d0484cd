// ImportReport.swift - what became of an import.

/// What became of an import, in numbers.
public struct ImportReport: Sendable, Equatable {
    /// Spans that are stored now.
    public var stored = 0
    /// Spans that were stored before.
    public var duplicates = 0
    /// Spans and log records that can never be accepted.
    public var rejected = 0
    /// Log records that are stored, now or before.
    public var records = 0
    /// Log records that are nothing to the collector.
    public var ignored = 0
    /// Documents that could not be read and were passed over.
    public var skipped = 0

    /// Makes a report of nothing.
    public init() {}

    /// One line for a person.
    public var line: String {
        var parts = ["\(stored) spans stored", "\(duplicates) duplicates", "\(rejected) rejected"]
        if records > 0 { parts.append("\(records) log records") }
        if ignored > 0 { parts.append("\(ignored) log records of no use") }
        if skipped > 0 { parts.append("\(skipped) bad documents skipped") }
        return parts.joined(separator: ", ")
    }

    /// Takes in what a server says of one request: `stored=1, duplicates=2, ...`.
    mutating func add(receipt: String, isSpans: Bool) {
        for part in receipt.split(separator: ",") {
            let pair = part.split(separator: "=")
            guard pair.count == 2, let number = Int(pair[1]) else { continue }
            switch pair[0].drop(while: { $0 == " " }) {
            case "stored": if isSpans { stored += number } else { records += number }
            case "duplicates": duplicates += number
            case "ignored": ignored += number
            case "rejected": rejected += number
            default: break
            }
        }
    }
}
