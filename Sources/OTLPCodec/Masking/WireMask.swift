// WireMask.swift - masks values of encoded messages and keeps every other byte.

public import TraceModel

/// Rewrites encoded messages where a policy says so.
///
/// Works on the wire bytes: what is not masked stays as it was, in its order, unknown fields included. The lengths of
/// the messages around a change are written anew. The bytes must have passed the scanner, which bounds their depth.
/// Not `Sendable`: one task uses it at a time.
public final class WireMask {
    /// Bytes of a path of keys at most; a longer one is not masked but refused.
    public static let maxPathBytes = 4096
    /// Beyond what the scanner lets through.
    private static let maxDepth = 300

    private let policy: any MaskPolicy
    private var output: MaskedBytes
    private var reader = WireReader(bytes: UnsafeRawBufferPointer(start: nil, count: 0), place: 0)
    /// The keys around and at the place, from the attribute down.
    private var keys: [Range<Int>] = []
    private var path: [UInt8] = []
    private var depth = 0

    /// Makes a mask with an empty output.
    ///
    /// - Parameters:
    ///   - policy: Decides what is masked.
    ///   - limit: Bytes that all changed messages may come to together; what passes it is refused.
    public init(policy: any MaskPolicy, limit: Int) {
        self.policy = policy
        output = MaskedBytes(limit: limit)
    }

    /// Masks one `Span`.
    ///
    /// - Parameter bytes: An encoded `Span`.
    /// - Returns: The range of the changed message in the output; nil when nothing was changed.
    /// - Throws: `MaskFailure` when the span must not be stored.
    public func mask(span bytes: UnsafeRawBufferPointer) throws(MaskFailure) -> Range<Int>? {
        try mask(.span, bytes)
    }

    /// Masks one `LogRecord`.
    ///
    /// - Parameter bytes: An encoded `LogRecord`.
    /// - Returns: The range of the changed message in the output; nil when nothing was changed.
    /// - Throws: `MaskFailure` when the record must not be stored.
    public func mask(logRecord bytes: UnsafeRawBufferPointer) throws(MaskFailure) -> Range<Int>? {
        try mask(.logRecord, bytes)
    }

    /// Masks a `ResourceSpans` without spans.
    ///
    /// - Parameter bytes: An encoded envelope.
    /// - Returns: The changed message; nil when nothing was changed.
    /// - Throws: `MaskFailure` when nothing below it must be stored.
    public func mask(resourceSpans bytes: [UInt8]) throws(MaskFailure) -> [UInt8]? {
        try mask(.resourceSpans, bytes)
    }

    /// Masks a `ScopeSpans` without spans.
    ///
    /// - Parameter bytes: An encoded envelope.
    /// - Returns: The changed message; nil when nothing was changed.
    /// - Throws: `MaskFailure` when nothing below it must be stored.
    public func mask(scopeSpans bytes: [UInt8]) throws(MaskFailure) -> [UInt8]? {
        try mask(.scopeSpans, bytes)
    }

    /// Masks a single `AnyValue` that no key stands for, such as the body of a log record.
    ///
    /// - Parameter bytes: An encoded `AnyValue`.
    /// - Returns: The changed message; nil when nothing was changed.
    /// - Throws: `MaskFailure` when it must not be stored.
    public func mask(value bytes: [UInt8]) throws(MaskFailure) -> [UInt8]? {
        try mask(.value(.plain), bytes)
    }

    /// Gives the output away, and starts an empty one.
    ///
    /// - Returns: Owns the bytes that the ranges refer to.
    public func takeOutput() -> BatchStorage {
        output.take()
    }

    private func mask(_ kind: Message, _ bytes: [UInt8]) throws(MaskFailure) -> [UInt8]? {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(MaskFailure) -> [UInt8]? in
                guard let range = try mask(kind, bytes) else { return nil }
                defer { output.abandon() }
                return output.bytes(range)
            }
        }
        return try result.get()
    }

    private func mask(_ kind: Message, _ bytes: UnsafeRawBufferPointer) throws(MaskFailure) -> Range<Int>? {
        reader = WireReader(bytes: bytes, place: 0)
        keys.removeAll(keepingCapacity: true)
        depth = 0
        output.begin(bytes)
        do throws(MaskFailure) {
            try walk(kind, until: bytes.count)
            return try output.end()
        } catch {
            output.abandon()
            throw error
        }
    }
}

extension WireMask {
    /// The messages that are looked into.
    fileprivate enum Message {
        case span, event, link, status, resourceSpans, resource, entity, scopeSpans, scope, logRecord
        case value(ValueNature), array(ValueNature), map(ValueNature)

        /// What a field with a length holds; nil for what is kept as it is.
        ///
        /// OTLP 1.x, trace.proto, logs.proto, resource.proto, common.proto.
        @inline(__always)
        func field(_ number: UInt32) -> Field? {
            switch (self, number) {
            case (.span, 9), (.event, 3), (.link, 4), (.resource, 1), (.scope, 3), (.logRecord, 6): .attribute(.plain)
            case (.map(let nature), 1): .attribute(nature)
            case (.value(let nature), 1): .text(.value(nature))
            case (.value(let nature), 5): .message(.array(nature))
            case (.value(let nature), 6): .message(.map(nature))
            case (.value(let nature), 7): .text(.bytes(nature))
            case (.array(let nature), 1): .message(.value(nature))
            case (.span, 5), (.event, 2), (.scope, 1), (.scope, 2), (.logRecord, 3), (.logRecord, 12): .text(.name)
            case (.status, 2): .text(.statusMessage)
            case (.span, 3), (.link, 3), (.resourceSpans, 3), (.scopeSpans, 3), (.entity, 1), (.entity, 2):
                .text(.reference)
            case (.span, 11): .message(.event)
            case (.span, 13): .message(.link)
            case (.span, 15): .message(.status)
            case (.resourceSpans, 1): .message(.resource)
            case (.resource, 3): .message(.entity)
            case (.scopeSpans, 1): .message(.scope)
            case (.logRecord, 5): .message(.value(.plain))
            default: nil
            }
        }
    }

    /// What a field holds.
    fileprivate enum Field {
        case attribute(ValueNature)
        case text(TextPlace)
        case message(Message)
    }

    /// The field numbers of `KeyValue`.
    private enum KeyValueField {
        static let key: UInt32 = 1
        static let value: UInt32 = 2
    }

    /// Goes through a message; nested ones go through here again, as deep as the scanner allows.
    private func walk(_ message: Message, until end: Int) throws(MaskFailure) {
        guard depth < Self.maxDepth else { throw MaskFailure(reason: "are nested too deep to mask them") }
        depth += 1
        defer { depth -= 1 }
        while let field = try reader.next(before: end) {
            guard field.wire == WireField.sized, let content = message.field(field.number) else { continue }
            switch content {
            case .message(let inner): try enter(inner, field)
            case .text(let place): try mask(text: field, at: place)
            case .attribute(let nature): try mask(attribute: field, within: nature)
            }
        }
    }

    @inline(__always)
    private func enter(_ message: Message, _ field: WireField) throws(MaskFailure) {
        reader.place = field.contentStart
        output.enter(lengthStart: field.lengthStart, contentStart: field.contentStart)
        try walk(message, until: field.end)
        try output.leave(at: field.end)
    }

    private func mask(text field: WireField, at place: TextPlace) throws(MaskFailure) {
        guard field.contentStart < field.end else { return }
        switch try policy.text(UnsafeRawBufferPointer(rebasing: reader.bytes[field.content]), at: place) {
        case .keep: return
        case .replace(let text):
            try output.replace(field.lengthStart..<field.end, with: [WireReader.varint(text.count), text])
        case .remove: try output.replace(field.start..<field.end, with: [])
        }
    }

    /// Masks a `KeyValue`.
    ///
    /// The key may stand behind the value, and of two keys the last counts.
    private func mask(attribute field: WireField, within nature: ValueNature) throws(MaskFailure) {
        reader.place = field.contentStart
        var key = 0..<0
        while let member = try reader.next(before: field.end) {
            if member.number == KeyValueField.key, member.wire == WireField.sized { key = member.content }
        }
        keys.append(key)
        defer { keys.removeLast() }
        switch try decision(on: UnsafeRawBufferPointer(rebasing: reader.bytes[key]), within: nature) {
        case .remove: try output.replace(field.start..<field.end, with: [])
        case .look(.facts) where try !hasOnlyText(field): try replaceValue(of: field, with: [])
        case .look(let nature): try lookInto(field, nature)
        case .empty: try replaceValue(of: field, with: [])
        case .replace(let text): try replaceValue(of: field, with: [0x0A] + WireReader.varint(text.count) + text)
        }
        reader.place = field.end
    }

    /// Whether the value of a `KeyValue` is a string.
    private func hasOnlyText(_ field: WireField) throws(MaskFailure) -> Bool {
        reader.place = field.contentStart
        while let member = try reader.next(before: field.end) {
            guard member.number == KeyValueField.value, member.wire == WireField.sized else { continue }
            reader.place = member.contentStart
            while let value = try reader.next(before: member.end) {
                guard value.number == 1, value.wire == WireField.sized else { return false }
            }
        }
        return true
    }

    private func lookInto(_ field: WireField, _ nature: ValueNature) throws(MaskFailure) {
        reader.place = field.contentStart
        output.enter(lengthStart: field.lengthStart, contentStart: field.contentStart)
        while let member = try reader.next(before: field.end) {
            guard member.number == KeyValueField.value, member.wire == WireField.sized else { continue }
            try enter(.value(nature), member)
        }
        try output.leave(at: field.end)
    }

    /// Puts the content of another `AnyValue` in the place of the value.
    private func replaceValue(of field: WireField, with value: [UInt8]) throws(MaskFailure) {
        reader.place = field.contentStart
        output.enter(lengthStart: field.lengthStart, contentStart: field.contentStart)
        while let member = try reader.next(before: field.end) {
            guard member.number == KeyValueField.value, member.wire == WireField.sized,
                !reader.bytes[member.content].elementsEqual(value)
            else { continue }
            try output.replace(member.lengthStart..<member.end, with: [WireReader.varint(value.count), value])
        }
        try output.leave(at: field.end)
    }

    private func decision(
        on key: UnsafeRawBufferPointer,
        within nature: ValueNature
    ) throws(MaskFailure) -> AttributeMask {
        guard keys.count > 1 else { return try policy.attribute(key, path: key, within: nature) }
        // Bounded, since the keys of an outer value are looked at again for each inner one.
        guard keys.reduce(keys.count - 1, { $0 + $1.count }) <= Self.maxPathBytes else {
            throw MaskFailure(reason: "nest keys to a path of more than \(Self.maxPathBytes) bytes")
        }
        path.removeAll(keepingCapacity: true)
        for (place, range) in keys.enumerated() {
            if place > 0 { path.append(UInt8(ascii: ".")) }
            path.append(contentsOf: reader.bytes[range])
        }
        let decision = path.withUnsafeBytes { path in
            Result { () throws(MaskFailure) in try policy.attribute(key, path: path, within: nature) }
        }
        return try decision.get()
    }
}
