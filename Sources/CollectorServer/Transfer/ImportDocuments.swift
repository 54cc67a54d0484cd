// ImportDocuments.swift - a file cut into requests, whatever form it has.

import TraceModel

/// One request of a file, as it stands there.
struct ImportDocument {
    /// How it is written.
    enum Form {
        case json
        case protobuf
    }

    var form: Form
    var bytes: [UInt8]
    /// Where it stands, in words.
    var place: String
}

/// Cuts a file into documents; the form is told by the first bytes.
///
/// - JSON lines, one document each, or documents that go over many lines.
/// - Messages with their length in four bytes before each, the highest first: the collector's file exporter.
/// - One protobuf message, which is the whole file.
struct ImportDocuments {
    /// The largest document.
    static let mostBytes = 1 << 30
    /// How many bytes tell the form.
    private static let telling = 64

    private enum Form {
        case lines
        case manyLines
        case framed
        case whole
    }

    let name: String
    private var buffer: ImportBuffer
    private var form: Form?
    /// The line that comes next, from 1 on.
    private var line = 1
    private var message = 1

    init(_ source: ImportSource) {
        name = source.name
        buffer = ImportBuffer(source)
    }

    /// The next document; nil at the end of the file.
    mutating func next() throws(ImportError) -> ImportDocument? {
        if form == nil { form = try recognised() }
        switch form {
        case .lines: return try nextLine()
        case .manyLines: return try nextObject()
        case .framed: return try nextMessage()
        case .whole: return try wholeFile()
        case nil: return nil
        }
    }

    // MARK: the form

    /// Nil for an empty file.
    private mutating func recognised() throws(ImportError) -> Form? {
        guard try buffer.fill(1) else { return nil }
        if try buffer.fill(3), buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { _ = buffer.take(3) }
        _ = try buffer.fill(Self.telling)
        if beginsJSON() { return try linesOrMore() }
        if buffer.count >= 8, buffer[4] == 0x28, buffer[5] == 0xB5, buffer[6] == 0x2F, buffer[7] == 0xFD {
            throw .invalid("\(name): its messages are compressed with zstd; write it without compression, or as gzip")
        }
        if buffer[0] == 0x0A { return .whole }
        if buffer.count >= 4, Int(frameLength()) <= Self.mostBytes, buffer.count == 4 || buffer[4] == 0x0A {
            return .framed
        }
        throw .invalid(
            "\(name): neither OTLP JSON lines, nor what the collector's file exporter writes, nor an OTLP message"
        )
    }

    /// Whether the first bytes begin an object; `0A` begins a message too, and may be followed by a brace.
    private func beginsJSON() -> Bool {
        var place = 0
        func skipSpace() {
            while place < buffer.count, [0x20, 0x09, 0x0A, 0x0D].contains(buffer[place]) { place += 1 }
        }
        skipSpace()
        guard place < buffer.count else { return true }
        guard buffer[place] == UInt8(ascii: "{") else { return false }
        let isFirst = place == 0
        place += 1
        skipSpace()
        guard !isFirst, place + 1 < buffer.count else { return true }
        if buffer[place] == UInt8(ascii: "}") { return true }
        let letter = buffer[place + 1] | 0x20
        return buffer[place] == UInt8(ascii: "\"") && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
    }

    /// Lines, unless the first one is only the beginning of an object and the next goes on with it.
    private mutating func linesOrMore() throws(ImportError) -> Form {
        var balance = JSONBalance()
        var place = 0
        var isInside = false
        while true {
            while place >= buffer.count {
                guard try growing() else { return .lines }
            }
            let byte = buffer[place]
            place += 1
            if byte == UInt8(ascii: "\n"), isInside { break }
            if balance.add(byte) { return .lines }
            isInside = isInside || balance.depth > 0
        }
        guard try buffer.fill(place + 1) else { return .lines }
        // Nothing begins a line of JSON lines but a brace; what is indented begins with something else.
        return buffer[place] == UInt8(ascii: "{") ? .lines : .manyLines
    }

    private mutating func growing() throws(ImportError) -> Bool {
        guard buffer.count <= Self.mostBytes else {
            throw .invalid("\(name), \(place(of: line)): larger than \(Self.mostBytes >> 20) MiB")
        }
        return try buffer.grow()
    }

    // MARK: JSON

    private mutating func nextLine() throws(ImportError) -> ImportDocument? {
        while true {
            var looked = 0
            var end = buffer.firstIndex(of: UInt8(ascii: "\n"), from: 0)
            while end == nil {
                looked = buffer.count
                guard try growing() else { break }
                end = buffer.firstIndex(of: UInt8(ascii: "\n"), from: looked)
            }
            guard end != nil || buffer.count > 0 else { return nil }
            let bytes = buffer.take(end.map { $0 + 1 } ?? buffer.count)
            defer { line += 1 }
            if bytes.allSatisfy({ $0 <= 0x20 }) { continue }
            return ImportDocument(form: .json, bytes: Array(bytes), place: place(of: line))
        }
    }

    private mutating func nextObject() throws(ImportError) -> ImportDocument? {
        var balance = JSONBalance()
        var place = 0
        var hasContent = false
        while true {
            while place >= buffer.count {
                guard try !growing() else { continue }
                guard hasContent else { return nil }
                return object(to: place)
            }
            let byte = buffer[place]
            place += 1
            hasContent = hasContent || byte > 0x20
            if balance.add(byte) { return object(to: place) }
        }
    }

    private mutating func object(to end: Int) -> ImportDocument {
        let bytes = buffer.take(end)
        // White space of the lines before it does not count as its beginning.
        let begin = bytes.prefix { $0 <= 0x20 }.count { $0 == UInt8(ascii: "\n") } + line
        line += bytes.count { $0 == UInt8(ascii: "\n") }
        return ImportDocument(form: .json, bytes: Array(bytes), place: place(of: begin))
    }

    private func place(of line: Int) -> String { "line \(line)" }

    // MARK: protobuf

    private mutating func nextMessage() throws(ImportError) -> ImportDocument? {
        let place = "message \(message), at byte \(buffer.offset)"
        message += 1
        guard try buffer.fill(1) else { return nil }
        guard try buffer.fill(4) else { throw .invalid("\(name), \(place): the file ends within a length") }
        let length = Int(frameLength())
        guard length <= Self.mostBytes else {
            throw .invalid("\(name), \(place): a length of \(length) bytes, \(Self.mostBytes) are allowed")
        }
        guard try buffer.fill(4 + length) else {
            throw .invalid("\(name), \(place): the file ends within a message of \(length) bytes")
        }
        _ = buffer.take(4)
        return ImportDocument(form: .protobuf, bytes: Array(buffer.take(length)), place: place)
    }

    private func frameLength() -> UInt32 {
        (0..<4).reduce(0) { $0 << 8 | UInt32(buffer[$1]) }
    }

    private mutating func wholeFile() throws(ImportError) -> ImportDocument? {
        while try buffer.grow() {
            guard buffer.count <= Self.mostBytes else {
                throw .invalid("\(name): one message of more than \(Self.mostBytes >> 20) MiB")
            }
        }
        guard buffer.count > 0 else { return nil }
        return ImportDocument(form: .protobuf, bytes: Array(buffer.take(buffer.count)), place: "the message")
    }
}
