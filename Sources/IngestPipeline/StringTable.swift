// StringTable.swift - the distinct strings of a batch.

import TraceModel

/// Gives each distinct string a small number.
///
/// A batch has few of them, and neighbours mostly name the same: the last two are looked at before anything is hashed.
struct StringTable {
    /// The strings, by number.
    private(set) var strings: [String] = []
    private var numbers: [ExactString: Int32] = [:]
    private var recent: (first: Int32, second: Int32) = (-1, -1)

    /// The number of a string, a new one when it is new.
    mutating func index(of string: String) -> Int32 {
        let exact = ExactString(string)
        if recent.first >= 0, ExactString(strings[Int(recent.first)]) == exact { return recent.first }
        if recent.second >= 0, ExactString(strings[Int(recent.second)]) == exact {
            recent = (recent.second, recent.first)
            return recent.first
        }
        let number = numbers[exact] ?? add(string)
        recent = (number, recent.first)
        return number
    }

    private mutating func add(_ string: String) -> Int32 {
        let number = Int32(strings.count)
        strings.append(string)
        numbers[ExactString(string)] = number
        return number
    }
}
