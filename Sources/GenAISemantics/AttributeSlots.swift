// AttributeSlots.swift - one walk over a span's attributes, then reads by field.

import COTLP
import TraceModel

/// The values of the known attributes of one span, found by slot.
///
/// Used again for the next span. The pointers are good as long as the decoded message is.
struct AttributeSlots {
    private let index: DialectIndex
    private var values: [UnsafePointer<AnyValue>?]
    /// Which fields may be readable, as bits.
    private(set) var fields: UInt64 = 0
    /// Whether a key or a value refers to the string table of profiles.
    private(set) var refersToStringTable = false

    init(_ index: DialectIndex) {
        self.index = index
        values = Array(repeating: nil, count: index.fieldsOfSlot.count)
    }

    /// Whether no known attribute is there.
    var isEmpty: Bool { fields == 0 }

    /// Takes in the attributes of the next span.
    ///
    /// Of two with the same key the last one wins (OTLP leaves it open).
    mutating func fill(_ attributes: UnsafeMutablePointer<UnsafeMutablePointer<KeyValue>?>?, count: Int) {
        var walk = Walk()
        let attributes = UnsafeBufferPointer(start: attributes, count: attributes == nil ? 0 : count)
        // The arrays are opened once for all attributes: nothing is counted or checked again for each.
        values.withUnsafeMutableBufferPointer { values in
            values.update(repeating: nil)
            index.fieldsOfSlot.withUnsafeBufferPointer { fieldsOfSlot in
                index.keys.withLookup { walk.run(attributes, $0, fieldsOfSlot, into: values) }
            }
        }
        fields = walk.fields
        refersToStringTable = walk.refersToStringTable
    }

    /// Whether any name of the field may be there.
    @inline(__always)
    func mayHave(_ field: CanonicalField) -> Bool {
        fields & field.bit != 0
    }

    /// The first result that `read` accepts, going through the names of the field that are present, best first.
    @inline(__always)
    func first<Result>(
        _ field: CanonicalField,
        _ read: (UnsafePointer<AnyValue>, FieldName.Form) -> Result?
    ) -> Result? {
        guard mayHave(field) else { return nil }
        for place in index.ranges[field.rawValue] {
            let candidate = index.candidates[place]
            if let value = values[candidate.slot], let result = read(value, candidate.form) { return result }
        }
        return nil
    }

    /// Calls `body` with the value of every name of the field that is present, best first.
    func forEach(_ field: CanonicalField, _ body: (UnsafePointer<AnyValue>) -> Void) {
        guard mayHave(field) else { return }
        for place in index.ranges[field.rawValue] {
            if let value = values[index.candidates[place].slot] { body(value) }
        }
    }

    /// The role that an attribute states; nil when none does, or only in words that no dialect knows.
    var statedRole: SpanRole? {
        guard mayHave(.kind) else { return nil }
        for place in index.kinds.indices {
            guard let text = values[index.kinds[place].slot]?.anyText else { continue }
            if let role = index.kinds[place].role(text) { return role }
        }
        return nil
    }

    /// The role that the name of a span states.
    func role(ofName name: UnsafeBufferPointer<UInt8>) -> SpanRole? {
        index.spanNames.number(of: name).map { index.spanRoles[$0] }
    }

    /// Whether the attributes may be those of a call, whatever else they say.
    var mayBeCall: Bool {
        mayHave(.requestModel) || mayHave(.responseModel) || mayHave(.inputTokens)
    }

    /// Whether the name of a span says that it only prepares a call: all of it, or what stands behind a dot or slash.
    ///
    /// Users give names as well: who answered something is a call.
    func preparesCall(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        let isNamed = index.preparations.contains { ending in
            guard name.count >= ending.count, name.suffix(ending.count).elementsEqual(ending) else { return false }
            guard name.count > ending.count, ending.first != UInt8(ascii: ".") else { return true }
            let before = name[name.count - ending.count - 1]
            return before == UInt8(ascii: ".") || before == UInt8(ascii: "/")
        }
        return isNamed && count(.outputTokens) ?? 0 == 0
    }

    /// The objects that are there and count, each with what is inside.
    ///
    /// - Parameter isCall: Whether the span is a call by what its attributes say.
    /// - Returns: The objects in the order of the dialects.
    func objects(isCall: Bool) -> [(name: ObjectName, value: JSONValue)] {
        guard mayHave(.json) else { return [] }
        return index.objects.compactMap { entry in
            guard isCall || entry.name.standing != .lastOnCalls, let value = values[entry.slot] else { return nil }
            return JSONValue(objectIn: value).map { (entry.name, $0) }
        }
    }

    /// The marks that attributes put on the span.
    var marks: SpanMarks {
        var marks: SpanMarks = refersToStringTable ? .stringIndexIgnored : []
        guard mayHave(.mark) else { return marks }
        for place in index.marks.indices {
            guard let value = values[index.marks[place].slot] else { continue }
            marks.formUnion(index.marks[place].marks(value))
        }
        return marks
    }
}

/// The walk over the attributes of one span.
private struct Walk {
    var fields: UInt64 = 0
    var refersToStringTable = false

    @inline(__always)
    mutating func run(
        _ attributes: UnsafeBufferPointer<UnsafeMutablePointer<KeyValue>?>,
        _ keys: ByteKeyTable.Lookup,
        _ fieldsOfSlot: UnsafeBufferPointer<UInt64>,
        into values: UnsafeMutableBufferPointer<UnsafePointer<AnyValue>?>
    ) {
        for case .some(let attribute) in attributes {
            let key = attribute.pointee.key
            let value = attribute.pointee.value
            // OTLP 1.10: references into the string table of profiles count as absent in trace data.
            if let value, value.pointee.kind == AnyValue.stringIndexKind {
                refersToStringTable = true
                continue
            }
            guard key.len > 0, let bytes = key.data else {
                if attribute.pointee.key_strindex != 0 { refersToStringTable = true }
                continue
            }
            guard let slot = keys.number(of: bytes, key.len) else { continue }
            values[slot] = UnsafePointer(value)
            fields |= fieldsOfSlot[slot]
        }
    }
}
