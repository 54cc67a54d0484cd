// SpanSource.swift - reads stored spans on a connection for queries.

import OTLPCodec
import TraceModel
import TraceStore

/// What all queries on spans of one connection share.
///
/// Not `Sendable`: it belongs to the thread of the connection.
final class SpanSource {
    /// The connection owns the table of spans, which owns this.
    unowned let connection: SQLiteConnection
    let traces: TraceLookup
    let extraction: any SpanExtraction
    let spans: SpanDecoder
    private let decoder = PartDecoder(
        codec: ZstdCodec(),
        dictionaries: DictionaryTable(),
        envelopes: EnvelopeCache()
    )
    private let frames = FrameCache()
    /// The state of the database that `frames` are of.
    private var version: Int64?
    private var projects: [Int64: String] = [:]

    init(_ connection: SQLiteConnection, extraction: any SpanExtraction, bucketSize: Int64) throws(StoreError) {
        self.connection = connection
        self.extraction = extraction
        traces = TraceLookup(bucketSize: bucketSize)
        do throws(OTLPCodecError) {
            spans = try SpanDecoder()
        } catch {
            throw StoreError(code: .unavailable, message: error.message)
        }
    }

    /// The number of a project; nil when there is none of this name.
    func projectNumber(_ name: String) throws(StoreError) -> Int64? {
        let row = try connection.statement("SELECT project_id FROM projects WHERE name=?")
        defer { row.reset() }
        row.bind(1, name)
        return try row.step() ? row.integer(0) : nil
    }

    /// The name of a project; it never changes.
    func projectName(_ number: Int64) throws(StoreError) -> String {
        if let known = projects[number] { return known }
        let row = try connection.statement("SELECT name FROM projects WHERE project_id=?")
        defer { row.reset() }
        row.bind(1, number)
        let name = try row.step() ? row.text(0) : ""
        projects[number] = name
        return name
    }

    /// Decodes a part of spans.
    func batch(of key: Int64, in trace: TraceRow) throws(StoreError) -> SpanBatch {
        let row = try connection.statement("SELECT \(StoredPart.columns) FROM parts WHERE part_id=?")
        defer { row.reset() }
        row.bind(1, key)
        guard try row.step() else {
            throw StoreError(code: .unavailable, message: "the database is damaged: part \(key) is gone")
        }
        let part = StoredPart(
            key: key,
            spanIDs: row.blob(1),
            runs: row.blob(2),
            encoding: row.integer(3),
            dictionary: row.isNull(4) ? nil : row.integer(4),
            plainLength: Int(row.integer(5)),
            payload: row.blob(6)
        )
        do {
            return try decoder.batch(
                of: part,
                trace: trace.id,
                project: "",
                ConnectionReferences(connection: connection, frames: try currentFrames())
            )
        } catch {
            throw StoreError(reading: error)
        }
    }

    /// Frames of what the open transaction sees.
    private func currentFrames() throws(StoreError) -> FrameCache {
        let row = try connection.statement("PRAGMA data_version")
        defer { row.reset() }
        let seen = try row.step() ? row.integer(0) : nil
        if seen != version { frames.forget() }
        version = seen
        return frames
    }

    /// What the extraction that ran on arrival says of some spans of a batch.
    func extract(_ places: [Int], of batch: SpanBatch, in trace: TraceRow) throws(StoreError) -> SpanBatch {
        var only = batch
        only.spans = places.map { batch.spans[$0] }
        only.groups = [TraceGroup(project: "", traceID: trace.id, spans: only.spans.indices)]
        do {
            return try extraction.extract(only)
        } catch {
            throw StoreError(reading: error)
        }
    }
}
