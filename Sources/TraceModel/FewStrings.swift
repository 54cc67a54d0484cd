// FewStrings.swift - a list that mostly holds one string.

/// Strings in order, of which there is mostly just one: that one needs no memory of its own.
public struct FewStrings: Sendable, Equatable {
    private var first: String?
    private var others: [String] = []

    /// Makes an empty list.
    public init() {}

    /// Makes a list of the strings.
    public init(_ strings: [String]) {
        first = strings.first
        others = Array(strings.dropFirst())
    }

    /// How many there are.
    public var count: Int { first == nil ? 0 : 1 + others.count }

    /// Whether there is none.
    public var isEmpty: Bool { first == nil }

    /// All of them in order.
    public var array: [String] {
        guard let first else { return [] }
        return [first] + others
    }

    /// Adds one at the end.
    public mutating func append(_ string: String) {
        if first == nil {
            first = string
        } else {
            others.append(string)
        }
    }
}
