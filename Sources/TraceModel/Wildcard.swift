// Wildcard.swift - names with a star.

/// Names in which `*` stands for any part, also an empty one.
public enum Wildcard {
    /// Whether the whole name is what the pattern says; takes at most the product of both lengths, never more.
    ///
    /// - Parameters:
    ///   - name: The bytes of the name.
    ///   - pattern: The bytes of the pattern, in the same case.
    /// - Returns: Whether it is.
    public static func matches(_ name: ArraySlice<UInt8>, pattern: ArraySlice<UInt8>) -> Bool {
        var place = name.startIndex
        var wanted = pattern.startIndex
        // Where to go on when what follows the last star does not fit.
        var afterStar: Int?
        var retry = place
        while place < name.endIndex {
            if wanted < pattern.endIndex, pattern[wanted] == UInt8(ascii: "*") {
                wanted += 1
                afterStar = wanted
                retry = place
            } else if wanted < pattern.endIndex, pattern[wanted] == name[place] {
                wanted += 1
                place += 1
            } else if let star = afterStar {
                retry += 1
                place = retry
                wanted = star
            } else {
                return false
            }
        }
        return pattern[wanted...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
