// RecompactedSlice.swift - parts that were compressed again, ready to be written.

/// A part as it was read.
struct ReadPart: Sendable {
    var key: Int64
    var encoding: Int64
    var dictionary: Int64?
    var plainLength: Int
    /// Bytes of its payload.
    var stored: Int
}

/// Parts of one trace that are one frame from now on; it begins with the first one's bytes.
struct RecompactedGroup: Sendable {
    var trace: Int64
    var project: Int64
    /// What `traces.content` was.
    var content: StoredContent
    /// At least one, in the order of their keys, without another part of spans between them.
    var parts: [ReadPart]
    var dictionary: Int64
    var frame: [UInt8]

    /// What the part at `index` has as its payload.
    func payload(_ index: Int) -> [UInt8] {
        guard index > 0 else { return frame }
        let offset = parts[..<index].reduce(0) { $0 + $1.plainLength }
        return FramePlace(part: PartKey.number(parts[0].key), offset: offset).encoded
    }

    /// Bytes of payloads before.
    var before: Int { parts.reduce(0) { $0 + $1.stored } }
    /// Bytes of payloads from now on.
    var after: Int { parts.indices.dropFirst().reduce(frame.count) { $0 + payload($1).count } }
}

/// Groups, in the order of their keys as a rule, that are written in one transaction.
struct RecompactedSlice: Sendable {
    var groups: [RecompactedGroup] = []
    /// Up to this trace everything was done.
    var mark: Int64
    /// A project that a dictionary was trained for.
    var sampled: SampleNote?

    /// About what it costs to write.
    var cost: Int { groups.reduce(0) { $0 + $1.frame.count + 1024 * $1.parts.count } }
}
