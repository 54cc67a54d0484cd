// JSONTranscription.swift - one body on its way from JSON to protobuf: messages, lists and their nesting.

/// Reads a body once, from start to end, and writes each value as soon as it is read.
struct JSONTranscription: ~Copyable {
    /// Objects and lists inside each other, at most.
    ///
    /// Attribute values of 100 levels still pass, so that the scanner can refuse the span that has them (its own
    /// limit is lower); the call stack and the stack of open messages are bounded by it.
    static let maxNesting = 512

    let start: UnsafeRawPointer
    let end: UnsafeRawPointer
    /// The next byte to read.
    var next: UnsafeRawPointer
    /// Open objects and lists.
    var nesting = 0
    /// For each open container of a skipped value whether it is an object.
    let skippedObjects: UnsafeMutablePointer<Bool>
    var out: MessageWriter
    private let fields: UnsafePointer<JSONField>
    private let factor: UInt64

    /// Starts on the bytes from `start` to `end`; `fields` and `factor` are those of the schema's table.
    init(
        start: UnsafeRawPointer,
        end: UnsafeRawPointer,
        fields: UnsafePointer<JSONField>,
        factor: UInt64,
        out: consuming MessageWriter
    ) {
        self.start = start
        self.end = end
        self.fields = fields
        self.factor = factor
        self.out = out
        next = start
        skippedObjects = .allocate(capacity: Self.maxNesting + 1)
        skippedObjects.initialize(repeating: false, count: Self.maxNesting + 1)
    }

    deinit {
        skippedObjects.deallocate()
    }

    /// Transcodes the whole body, which is one `message`.
    mutating func request(_ message: JSONMessage) throws(JSONFault) {
        // OTLP/JSON is UTF-8; a byte-order mark is tolerated.
        if end - next >= 3, next.loadUnaligned(as: UInt16.self) == UInt16(littleEndian: 0xBBEF),
            next.load(fromByteOffset: 2, as: UInt8.self) == 0xBF
        {
            next += 3
        }
        _ = token()
        guard next < end else { return }
        try out.reserve(end - next)
        try object(message)
        _ = token()
        guard next == end else { throw fault(.endOfBody) }
    }

    /// What the members of one object have brought so far.
    private struct Members {
        /// Bits of the fields that were written.
        var seen: UInt32 = 0
        /// Where the object's only message-valued field stands; every message has one at most, but for `AnyValue`.
        var single = 0..<0
    }

    private mutating func object(_ message: JSONMessage) throws(JSONFault) {
        guard token() == UInt8(ascii: "{") else { throw fault(.object) }
        try enter()
        if token() == UInt8(ascii: "}") { return leave() }
        var members = Members()
        repeat {
            let field = try name(in: message)
            guard token() == UInt8(ascii: ":") else { throw fault(.colon) }
            next += 1
            let first = token()
            if let field, first != UInt8(ascii: "n") {
                try member(field, of: message, &members)
            } else if field != nil {
                // Null stands for an absent field.
                try literal("null")
            } else {
                try skipValue()
            }
        } while try another(before: UInt8(ascii: "}"), else: .endOfObject)
    }

    private mutating func member(
        _ field: UnsafePointer<JSONField>,
        of message: JSONMessage,
        _ members: inout Members
    ) throws(JSONFault) {
        try out.reserve(end - next)
        let isRepeated = members.seen & field.pointee.bit != 0
        members.seen |= field.pointee.bit
        if message == .anyValue {
            // A oneof: the last of several members wins.
            out.truncate(to: 0)
            return try value(field, writesDefault: true)
        }
        guard field.pointee.kind == .message else { return try value(field, writesDefault: isRepeated) }
        // Two messages for one field would be merged by a reader of protobuf; the last one counts.
        if isRepeated { out.remove(members.single) }
        let first = out.position
        try value(field, writesDefault: true)
        members.single = first..<out.position
    }

    private mutating func value(_ field: UnsafePointer<JSONField>, writesDefault: Bool) throws(JSONFault) {
        switch field.pointee.kind {
        case .text: try text(field, writesDefault: writesDefault)
        case .message: try nested(field)
        case .list, .texts: try list(field)
        case .int64: varint(field, try signed64(), writesDefault)
        case .id: try id(field, writesDefault: writesDefault)
        case .fixed64: try fixed64(field, writesDefault: writesDefault)
        case .double: try double(field, writesDefault: writesDefault)
        case .bool: varint(field, try bool() ? 1 : 0, writesDefault)
        case .uint32: varint(field, try unsigned32(), writesDefault)
        case .spanKind: varint(field, try enumNumber(JSONEnum.spanKinds), writesDefault)
        case .statusCode: varint(field, try enumNumber(JSONEnum.statusCodes), writesDefault)
        case .severity: varint(field, try enumNumber(JSONEnum.severities), writesDefault)
        case .fixed32: try fixed32(field, writesDefault: writesDefault)
        case .bytes: try base64(field)
        }
    }

    private mutating func nested(_ field: UnsafePointer<JSONField>) throws(JSONFault) {
        let child = field.pointee.child
        out.tag(field)
        switch child {
        // Their share of what is left is about half, so that the slot mostly fits at once.
        case .resourceSpans, .scopeSpans, .resourceLogs, .scopeLogs:
            out.open(width: MessageWriter.width(of: (end - next) / 2))
        case .span, .logRecord: out.open(width: 2)
        default: out.open(width: 1)
        }
        try object(child)
        try out.close()
    }

    private mutating func list(_ field: UnsafePointer<JSONField>) throws(JSONFault) {
        guard token() == UInt8(ascii: "[") else { throw fault(.list) }
        try enter()
        if token() == UInt8(ascii: "]") { return leave() }
        repeat {
            try out.reserve(end - next)
            if token() == UInt8(ascii: "n") {
                try literal("null")
            } else if field.pointee.kind == .list {
                try nested(field)
            } else {
                try text(field, writesDefault: true)
            }
        } while try another(before: UInt8(ascii: "]"), else: .endOfList)
    }

    /// Reads a name with its quotes; nil when the message has no such field.
    private mutating func name(in message: JSONMessage) throws(JSONFault) -> UnsafePointer<JSONField>? {
        guard token() == UInt8(ascii: "\"") else { throw fault(.name) }
        if end - next > 32 {
            let first = JSONWord.load(next + 1)
            let word = first & JSONWord.plain(before: JSONWord.special(first))
            let field = fields + JSONSchema.slot(message, word, factor)
            let difference =
                (word ^ field.pointee.name.0)
                | (JSONWord.load(next + 9) & field.pointee.mask.0 ^ field.pointee.name.1)
                | (JSONWord.load(next + 17) & field.pointee.mask.1 ^ field.pointee.name.2)
            let length = Int(field.pointee.length)
            if difference == 0, next.load(fromByteOffset: length &+ 1, as: UInt8.self) == UInt8(ascii: "\"") {
                next += length &+ 2
                return field
            }
        }
        return try unusualName(in: message)
    }

    /// Reads a name that is long, escaped, unknown or at the end of the body.
    @inline(never)
    private mutating func unusualName(in message: JSONMessage) throws(JSONFault) -> UnsafePointer<JSONField>? {
        let text = try scratch()
        guard text.count <= 24 else { return nil }
        var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
        withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: text) }
        var table: JSONMessage? = message
        while let known = table {
            let field = fields + JSONSchema.slot(known, words.0.littleEndian, factor)
            let name = field.pointee.name
            let isField =
                text.count == Int(field.pointee.length) && words.0.littleEndian == name.0
                && words.1.littleEndian == name.1 && words.2.littleEndian == name.2
            if isField { return field }
            table = known.more
        }
        return nil
    }
}
