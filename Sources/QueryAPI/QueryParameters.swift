// QueryParameters.swift - the query of a URL, each parameter at most once and never ignored.

import TraceModel
import TraceStore

/// The parameters of a request.
///
/// Every one has to be known, given once, and not empty.
struct QueryParameters: Sendable {
    private var values: [String: String] = [:]
    private var names: [String] = []

    /// Splits and decodes a query; `+` stands for a space.
    init(_ query: String?) throws(APIError) {
        for part in (query ?? "").utf8.split(separator: UInt8(ascii: "&")) {
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            guard let name = Self.decode(part[..<equals]), name.utf8.count <= Self.maxNameBytes else {
                throw APIError(
                    reason: .invalidRequest,
                    message: "a parameter's name is not percent-encoded UTF-8 of at most \(Self.maxNameBytes) bytes"
                )
            }
            guard let value = Self.decode(part[equals...].dropFirst()) else {
                throw .invalid(name, "the value of '\(name)' is not percent-encoded UTF-8")
            }
            guard !value.isEmpty else { throw .invalid(name, "'\(name)' is empty; leave it out to set no condition") }
            guard values.updateValue(value, forKey: name) == nil else {
                throw .invalid(name, "'\(name)' is given more than once")
            }
            names.append(name)
        }
    }

    /// Whether any of the names is given.
    func contains(anyOf wanted: Set<String>) -> Bool {
        !wanted.isDisjoint(with: names)
    }

    /// The parameters but some, which were read already.
    func without(_ read: Set<String>) -> QueryParameters {
        var rest = self
        rest.names.removeAll { read.contains($0) }
        for name in read { rest.values[name] = nil }
        return rest
    }

    /// The value of a parameter; nil when it is not given.
    subscript(name: String) -> String? { values[name] }

    /// The parameters whose names begin so, by what follows, sorted.
    func values(after prefix: String) -> [(name: String, value: String)] {
        values.compactMap { name, value in
            name.hasPrefix(prefix) && name != prefix ? (String(name.dropFirst(prefix.count)), value) : nil
        }
        .sorted { $0.0 < $1.0 }
    }

    /// The names that were given.
    var given: [String] { names }

    private static let maxNameBytes = 256

    /// Whether no parameter is given.
    var isEmpty: Bool { names.isEmpty }

    /// Whether a parameter is `true`; not when it is `false` or not given.
    func isTrue(_ name: String) throws(APIError) -> Bool {
        try truth(name) ?? false
    }

    /// Refuses every parameter that is not among `known`, so that a misspelt filter never widens an answer.
    ///
    /// - Parameters:
    ///   - known: The names; `attributes` stands for all that begin with `attribute`.
    ///   - hint: What to say of another name instead of naming those that are known.
    /// - Throws: `APIError` that names the first one.
    func allowOnly(_ known: Set<String>, hint: ((String) -> String)? = nil) throws(APIError) {
        for name in names where !known.contains(name) {
            if name.hasPrefix(Self.attribute), name != Self.attribute, known.contains(Self.attributes) { continue }
            if let hint { throw .invalid(name, hint(name)) }
            if CallQuery.ownParameters.contains(name) {
                throw .invalid(name, "'\(name)' belongs to the view of calls: ask /v1/calls, or with view=calls")
            }
            if Self.plannedFilters.contains(name) {
                throw .invalid(name, "this version does not filter by '\(name)'")
            }
            throw .invalid(
                name,
                "there is no parameter '\(name)' here; known: \(known.sorted().joined(separator: ", "))"
            )
        }
    }

    /// What the names of conditions on attributes begin with.
    static let attribute = "attr."
    /// Stands for such names where parameters are allowed.
    static let attributes = "attr.KEY"

    /// One of a closed set of words, or `standard` when the parameter is not given.
    func choice<Choice: RawRepresentable & CaseIterable>(_ name: String) throws(APIError) -> Choice?
    where Choice.RawValue == String {
        guard let text = values[name] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid(name, "'\(name)' is one of \(words)")
        }
        return choice
    }

    /// A whole number in decimal.
    func integer(_ name: String, in range: ClosedRange<Int64>) throws(APIError) -> Int64? {
        guard let text = values[name] else { return nil }
        let isPlain = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isPlain, let number = Int64(text), range.contains(number) else {
            let most =
                range.upperBound == .max
                ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
            throw .invalid(name, "'\(name)' is a whole number, \(most)")
        }
        return number
    }

    /// `true` or `false`.
    func truth(_ name: String) throws(APIError) -> Bool? {
        let choice: Truth? = try choice(name)
        return choice.map { $0 == .true }
    }

    private enum Truth: String, CaseIterable {
        case `true`
        case `false`
    }

    /// Milliseconds as nanoseconds; more than fit stay at the end of the range.
    func milliseconds(_ name: String) throws(APIError) -> Int64? {
        guard let number = try integer(name, in: 0...Int64.max) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? .max : product
    }

    /// An amount of USD.
    func money(_ name: String) throws(APIError) -> PicoUSD? {
        guard let text = values[name] else { return nil }
        guard let amount = PicoUSD(decimal: text), amount >= PicoUSD(0) else {
            throw .invalid(name, "'\(name)' is a decimal number of USD, at least 0, such as 0.05")
        }
        return amount
    }

    /// A time as nanoseconds since the Unix epoch.
    func time(_ name: String) throws(APIError) -> Int64? {
        guard let text = values[name] else { return nil }
        guard let time = ISO8601Time.nanoseconds(text) else {
            throw .invalid(
                name,
                "'\(name)' is an ISO 8601 time, such as 2024-01-15, 2024-01-15T10:30:00Z or 2024-01-15T10:30:00.5+01:00"
            )
        }
        return time
    }

    private static let plannedFilters: Set<String> = ["endpoint", "http_status", "chain_id", "run_id"]

    private static func decode(_ text: some Collection<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"):
                bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst()?.hexDigit, let low = rest.popFirst()?.hexDigit else { return nil }
                bytes.append(high << 4 | low)
            default:
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var hexDigit: UInt8? {
        Character(UnicodeScalar(self)).hexDigitValue.map { UInt8($0) }
    }
}
