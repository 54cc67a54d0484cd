// EventStreamReader.swift - server-sent events out of the bytes of an answer.

/// An event of a stream.
public struct StreamEvent: Sendable, Equatable {
    /// Its name; `message` when it has none.
    public var name: String
    /// Its data, the lines of it joined.
    public var data: [UInt8]

    /// Makes an event.
    public init(name: String, data: [UInt8]) {
        self.name = name
        self.data = data
    }
}

/// Takes events out of bytes, in pieces as they come (HTML standard, section 9.2.6).
public struct EventStreamReader: Sendable {
    /// The id of the last event that had one.
    public private(set) var lastID: String?
    private var line: [UInt8] = []
    private var endedWithReturn = false
    private var name = ""
    private var data: [UInt8] = []
    private var hasData = false

    /// Bytes of one event at most; of a larger one the rest is left out.
    private static let mostBytes = 16 << 20

    /// Begins before the first byte.
    ///
    /// - Parameter lastID: The id to go on from; nil at the first time.
    public init(lastID: String? = nil) {
        self.lastID = lastID
    }

    /// Takes bytes and gives the events that they complete.
    ///
    /// - Parameter bytes: What came next.
    /// - Returns: In order; empty when none is complete.
    public mutating func take(_ bytes: [UInt8]) -> [StreamEvent] {
        var events: [StreamEvent] = []
        for byte in bytes {
            defer { endedWithReturn = byte == 0x0D }
            switch byte {
            case 0x0A where endedWithReturn: continue
            case 0x0A, 0x0D:
                if let event = endLine() { events.append(event) }
            default:
                if line.count < Self.mostBytes { line.append(byte) }
            }
        }
        return events
    }

    private mutating func endLine() -> StreamEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        guard !line.isEmpty else { return endEvent() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "event": name = String(decoding: value, as: UTF8.self)
        case "data":
            if hasData { data.append(0x0A) }
            hasData = true
            if data.count < Self.mostBytes { data += value }
        case "id" where !value.contains(0): lastID = String(decoding: value, as: UTF8.self)
        default: break
        }
        return nil
    }

    private mutating func endEvent() -> StreamEvent? {
        defer { (name, data, hasData) = ("", [], false) }
        return hasData ? StreamEvent(name: name.isEmpty ? "message" : name, data: data) : nil
    }
}
