// ByteCount.swift - a number of bytes as people write it.

/// A number of bytes: `2000000000`, `500MB`, `2 GB`, `1.5GiB`.
enum ByteCount {
    private static let units: [(name: String, bytes: Int64)] = [
        ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("tib", 1 << 40),
        ("kb", 1_000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("tb", 1_000_000_000_000), ("b", 1),
    ]

    /// Reads a number with its unit; nil for anything else, and for more than fits.
    static func bytes(_ text: String) -> Int64? {
        var digits = text.trimmingSpaces().lowercased()
        var unit: Int64 = 1
        if let known = units.first(where: { digits.hasSuffix($0.name) }) {
            unit = known.bytes
            digits = String(digits.dropLast(known.name.count)).trimmingSpaces()
        }
        let isPlain = digits.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard isPlain, !digits.isEmpty, let number = Double(digits) else { return nil }
        return Int64(exactly: (number * Double(unit)).rounded())
    }
}

extension String {
    fileprivate func trimmingSpaces() -> String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
