// StoredVersions.swift - reads single stored spans back on the writer's connection.

import TraceAssembly
import TraceModel
import TraceStore

/// Reads parts within the open transaction: for the last tie-break between two versions, and to show a root that is not
/// in the batch at hand.
///
/// The one is rare but for a trace that arrives on two ways, where each span is a tie: `ExtractedParts`.
///
/// Has caches of its own: what an open transaction holds may be gone, and its numbers given to others, after a rollback.
final class StoredVersions {
    private let decoder: PartDecoder
    private let extraction: any SpanExtraction
    private let dictionaries: DictionaryTable
    private var parts = ExtractedParts()
    private var references: PartDecoder
    private let frames = FrameCache()

    init(decoder: PartDecoder, extraction: any SpanExtraction) {
        self.decoder = decoder
        self.extraction = extraction
        dictionaries = decoder.dictionaries
        references = decoder
        forget()
    }

    /// Forgets everything that was read.
    func forget() {
        parts.forget()
        frames.forget()
        references = PartDecoder(codec: decoder.codec, dictionaries: dictionaries, envelopes: EnvelopeCache())
    }

    /// Whether a span of a batch has greater bytes than a stored version of it.
    ///
    /// A part that cannot be read leaves the order to the fingerprints, which is stable too; the transaction that
    /// reads it will fail on its own if the file is in trouble.
    func isGreater(
        _ batch: SpanBatch,
        _ index: Int,
        than stored: SpanVersion,
        of entry: TraceEntry,
        in writer: BatchWriter
    ) -> Bool {
        parts.isGreater(batch, index, than: stored, of: entry.number) {
            try read(stored.part, of: entry, in: writer)
        }
    }

    /// How a stored span is shown where it stands for its trace.
    func display(of root: AssembledRoot, of entry: TraceEntry, in writer: BatchWriter) throws(StoreError) -> RootDisplay
    {
        var only = try batch(root.part, of: entry, in: writer)
        guard
            let index = only.facts.firstIndex(where: { $0.spanID == root.spanID && $0.fingerprint == root.fingerprint })
        else {
            throw StoreError(
                code: .unavailable,
                message: "the database is damaged: part \(root.part) of trace \(entry.number)"
            )
        }
        if let known = only.groups[0].roots.first(where: {
            $0.spanID == root.spanID && $0.fingerprint == root.fingerprint
        }) {
            return known
        }
        // Alone in its batch, the span is the earliest there and gets a display.
        only.groups[0].spans = index..<index + 1
        only.groups[0].roots = []
        guard let display = try extract(only).groups[0].roots.first(where: { $0.spanID == root.spanID }) else {
            throw StoreError(
                code: .unavailable,
                message: "span \(root.spanID.hex) of trace \(entry.number) has no display"
            )
        }
        return display
    }

    private func batch(_ part: UInt32, of entry: TraceEntry, in writer: BatchWriter) throws(StoreError) -> SpanBatch {
        do {
            return try parts.batch(of: PartKey.key(entry.number, part)) { try read(part, of: entry, in: writer) }
        } catch {
            throw StoreError(reading: error)
        }
    }

    private func read(_ part: UInt32, of entry: TraceEntry, in writer: BatchWriter) throws(StoreError) -> SpanBatch {
        let key = PartKey.key(entry.number, part)
        let connection = writer.connection
        let search = try connection.statement("SELECT \(StoredPart.columns) FROM parts WHERE part_id=?")
        search.bind(1, key)
        defer { search.reset() }
        guard try search.step() else {
            throw StoreError(
                code: .unavailable,
                message: "the database is damaged: part \(part) of trace \(entry.number) is gone"
            )
        }
        let stored = StoredPart(
            key: search.integer(0),
            spanIDs: search.blob(1),
            runs: search.blob(2),
            encoding: search.integer(3),
            dictionary: search.isNull(4) ? nil : search.integer(4),
            plainLength: Int(search.integer(5)),
            payload: search.blob(6)
        )
        do {
            let found = ConnectionReferences(connection: connection, frames: frames)
            return try extract(try references.batch(of: stored, trace: entry.id, project: "", found))
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(reading: error)
        }
    }

    private func extract(_ batch: SpanBatch) throws(StoreError) -> SpanBatch {
        do {
            return try extraction.extract(batch)
        } catch {
            throw StoreError(reading: error)
        }
    }
}

/// Finds what a part refers to on a connection of its own thread.
struct ConnectionReferences: PartReferences {
    let connection: SQLiteConnection
    let frames: FrameCache
    /// A frame that was read with the part, and its key.
    var known: (key: Int64, frame: StoredFrame)?

    func frame(_ key: Int64) throws -> StoredFrame {
        if let known, known.key == key { return known.frame }
        guard let frame = try StoredFrame.read(key, connection) else { throw StoredFrame.missing(key) }
        return frame
    }

    func envelope(_ kind: EnvelopeKind, _ id: Int64) throws -> SpanEnvelope {
        let search = try row(kind.sql, id, kind.rawValue)
        defer { search.reset() }
        return SpanEnvelope(bytes: [UInt8](search.blob(1)), fingerprint: UInt64(bitPattern: search.integer(0)))
    }

    func dictionaryBytes(_ id: Int64) throws -> [UInt8] {
        let search = try row("SELECT bytes FROM dictionaries WHERE dictionary_id=?", id, "dictionary")
        defer { search.reset() }
        return [UInt8](search.blob(0))
    }

    private func row(_ sql: String, _ id: Int64, _ kind: String) throws -> SQLiteStatement {
        let search = try connection.statement(sql)
        search.bind(1, id)
        guard try search.step() else {
            search.reset()
            throw StoreError(code: .unavailable, message: "the database is damaged: \(kind) \(id) is gone")
        }
        return search
    }
}

extension StoredFrame {
    /// Reads the frame of a part; nil when it has none that others share.
    static func read(_ key: Int64, _ connection: SQLiteConnection) throws(StoreError) -> StoredFrame? {
        let search = try connection.statement(sql)
        defer { search.reset() }
        search.bind(1, key)
        guard try search.step() else { return nil }
        return StoredFrame(dictionary: search.isNull(0) ? nil : search.integer(0), payload: [UInt8](search.blob(1)))
    }
}
