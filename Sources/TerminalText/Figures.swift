// Figures.swift - numbers as people read them.

import Foundation

/// Shows numbers; what is not known as `-`, never as 0.
enum Figures {
    /// What stands for everything unknown.
    static let unknown = "-"

    /// A count: `1,234`, from a million on `1.23M`.
    static func count(_ number: Int64?) -> String {
        guard let number else { return unknown }
        guard number >= 1_000_000 else { return grouped(number) }
        for (size, unit) in [(1_000_000_000_000, "T"), (1_000_000_000, "G"), (1_000_000, "M")] as [(Int64, String)]
        where number >= size {
            return String(format: "%.2f", Double(number) / Double(size)) + unit
        }
        return grouped(number)
    }

    /// A count with the noun in its number: `1 call`, `2 calls`.
    static func count(_ number: Int64?, of noun: String) -> String {
        "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    private static func grouped(_ number: Int64) -> String {
        var digits = String(number.magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// USD with so many digits that a cost which is not zero never reads as zero.
    static func cost(_ dollars: Double?) -> String {
        guard let dollars, dollars.isFinite else { return unknown }
        guard dollars != 0 else { return "$0" }
        let size = abs(dollars)
        // Below a cent two digits that say something; 10^-12 USD is the smallest amount there is.
        let digits =
            switch size {
            case 1...: 2
            case 0.01...: 4
            default: min(12, 1 - Int(log10(size).rounded(.down)))
            }
        var text = String(format: "%.\(digits)f", size)
        while digits > 2, text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        if digits > 2, let point = text.firstIndex(of: ".") {
            let places = text.distance(from: point, to: text.endIndex) - 1
            if places < 2 { text += String(repeating: "0", count: 2 - places) }
        }
        return (dollars < 0 ? "-$" : "$") + text
    }

    /// A duration: `0.4ms`, `812ms`, `1.23s`, `2m05s`, `3h07m`, `2d03h`.
    static func duration(milliseconds: Double?) -> String {
        guard let milliseconds, milliseconds.isFinite else { return unknown }
        switch milliseconds {
        case ..<0.05: return "0ms"
        case ..<9.95: return String(format: "%.1fms", milliseconds)
        case ..<999.5: return "\(Int(milliseconds.rounded()))ms"
        case ..<9_995: return String(format: "%.2fs", milliseconds / 1000)
        case ..<59_950: return String(format: "%.1fs", milliseconds / 1000)
        default: return long(Int64(min(milliseconds / 1000, 1e15).rounded()))
        }
    }

    private static func long(_ seconds: Int64) -> String {
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if seconds < 3600 { return "\(seconds / 60)m\(two(seconds % 60))s" }
        if seconds < 86_400 { return "\(seconds / 3600)h\(two(seconds % 3600 / 60))m" }
        return "\(seconds / 86_400)d\(two(seconds % 86_400 / 3600))h"
    }

    /// A share of one as a percentage.
    static func share(_ share: Double?) -> String {
        guard let share, share.isFinite else { return unknown }
        return String(format: "%.0f%%", share * 100)
    }

    /// A time of the API as the clock on the wall shows it, to the second; as it is where it cannot be read.
    static func time(_ text: String?, _ place: TextPlace) -> String {
        guard let text else { return unknown }
        guard let seconds = seconds(text) else { return SafeText.line(text) }
        let shown = seconds + Int64(place.offset(seconds))
        let date = Date(timeIntervalSince1970: TimeInterval(shown))
        return date.formatted(
            Date.ISO8601FormatStyle(dateSeparator: .dash, dateTimeSeparator: .space, timeZone: .gmt)
                .year().month().day().time(includingFractionalSeconds: false)
        )
    }

    private static func seconds(_ text: String) -> Int64? {
        let plain = Date.ISO8601FormatStyle(timeZone: .gmt)
        let exact = Date.ISO8601FormatStyle(includingFractionalSeconds: true, timeZone: .gmt)
        guard let date = (try? exact.parse(text)) ?? (try? plain.parse(text)) else { return nil }
        return Int64(date.timeIntervalSince1970.rounded(.down))
    }
}
