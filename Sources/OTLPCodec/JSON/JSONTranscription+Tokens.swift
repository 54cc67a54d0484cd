// JSONTranscription+Tokens.swift - white space, punctuation, literals and values that nobody wants.

extension JSONTranscription {
    /// The fault of the byte that would be read next.
    func fault(_ expected: JSONExpectation) -> JSONFault {
        fault(expected, at: next)
    }

    /// The fault of the byte at an address.
    func fault(_ expected: JSONExpectation, at address: UnsafeRawPointer) -> JSONFault {
        .malformed(offset: address - start, expected: expected)
    }

    /// Passes white space and looks at the byte behind it; 0, which begins nothing, at the end.
    @inline(__always)
    mutating func token() -> UInt8 {
        guard next < end else { return 0 }
        let byte = next.load(as: UInt8.self)
        return byte > 0x20 ? byte : tokenAfterSpace()
    }

    /// Opens an object or a list whose bracket is next.
    @inline(__always)
    mutating func enter() throws(JSONFault) {
        guard nesting < Self.maxNesting else { throw fault(.shallower) }
        nesting &+= 1
        next += 1
    }

    /// Closes an object or a list whose bracket is next.
    @inline(__always)
    mutating func leave() {
        nesting &-= 1
        next += 1
    }

    /// Reads a comma (true) or the closing bracket (false).
    @inline(__always)
    mutating func another(before closing: UInt8, else expected: JSONExpectation) throws(JSONFault) -> Bool {
        let byte = token()
        if byte == UInt8(ascii: ",") {
            next += 1
            return true
        }
        guard byte == closing else { throw fault(expected) }
        leave()
        return false
    }

    /// Reads a word such as `null`.
    mutating func literal(_ word: StaticString) throws(JSONFault) {
        guard end - next >= word.utf8CodeUnitCount,
            UnsafeRawBufferPointer(start: next, count: word.utf8CodeUnitCount).elementsEqual(
                UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
            )
        else { throw fault(.literal) }
        next += word.utf8CodeUnitCount
    }

    /// Reads any value and forgets it; without recursion, however deep it is.
    @inline(never)
    mutating func skipValue() throws(JSONFault) {
        let floor = nesting
        repeat {
            let first = token()
            if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
                let isObject = first == UInt8(ascii: "{")
                try enter()
                skippedObjects[nesting] = isObject
                guard token() == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    if isObject { try skipName() }
                    continue
                }
                leave()
            } else {
                try skipScalar(first)
            }
            try closeSkipped(downTo: floor)
        } while nesting > floor
    }

    /// Passes the brackets behind a skipped value up to the next value of a container that is still open.
    private mutating func closeSkipped(downTo floor: Int) throws(JSONFault) {
        while nesting > floor {
            let isObject = skippedObjects[nesting]
            let isOpen =
                isObject
                ? try another(before: UInt8(ascii: "}"), else: .endOfObject)
                : try another(before: UInt8(ascii: "]"), else: .endOfList)
            guard isOpen else { continue }
            if isObject { try skipName() }
            return
        }
    }

    private mutating func skipName() throws(JSONFault) {
        guard token() == UInt8(ascii: "\"") else { throw fault(.name) }
        _ = try scratch()
        guard token() == UInt8(ascii: ":") else { throw fault(.colon) }
        next += 1
    }

    private mutating func skipScalar(_ first: UInt8) throws(JSONFault) {
        switch first {
        case UInt8(ascii: "\""): _ = try scratch()
        case UInt8(ascii: "t"): try literal("true")
        case UInt8(ascii: "f"): try literal("false")
        case UInt8(ascii: "n"): try literal("null")
        default:
            guard let number = JSONDecimal(next, end: end) else { throw fault(.value) }
            next += number.length
        }
    }

    @inline(never)
    private mutating func tokenAfterSpace() -> UInt8 {
        while next < end {
            let byte = next.load(as: UInt8.self)
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            next += 1
        }
        return 0
    }
}
