// StoredSamples.swift - a dictionary from pieces of all that a project has stored.

import Foundation
import NIOConcurrencyHelpers
import TraceModel
import TraceStore

/// A dictionary that was trained, and how much its project had then.
struct TrainedDictionary: Sendable {
    var project: String
    /// Nil when there was not enough to train one from.
    var bytes: [UInt8]?
    var note: SampleNote
}

/// How much a project had stored when it was sampled last: `meta.sampled_N`, N its number.
struct SampleNote: Sendable {
    var project: Int64
    var partBytes: Int64

    static func key(_ project: Int64) -> String { "sampled_\(project)" }
}

/// Trains dictionaries from more than the first spans of a project: see docs/architecture.md for what that wins.
///
/// Takes about a second and some tens of MiB, when a project has enough, and again when it has become twice as large.
struct StoredSamples {
    /// Bytes of payloads from which on it pays.
    var leastBytes: Int64 = 16 << 20
    private static let growth: Int64 = 2
    private static let probes: Int64 = 8192
    private static let mostSampleBytes = 32 << 20
    private static let pieceBytes = 16 << 10

    let parts: FinishedParts
    let book: DictionaryBook

    /// Trains one for the first project that is due.
    ///
    /// - Parameter schedule: Asked whether to go on.
    /// - Returns: Nil when none is due, or something came in between.
    /// - Throws: `StoreError` when the database cannot be read.
    func train(asking schedule: RecompactionSchedule) throws(StoreError) -> TrainedDictionary? {
        guard let due = try dueProject() else { return nil }
        let note = SampleNote(project: due.number, partBytes: due.bytes)
        guard let (samples, sizes) = try collect(due.number, while: { schedule.goesOn }) else { return nil }
        // Training costs hundreds of times as much memory and time as it has samples: few teach nothing.
        let isEnough = samples.count >= Self.pieceBytes * 64
        let bytes = isEnough ? train(samples, sizes, asking: schedule) : nil
        guard !schedule.hasStopped else { return nil }
        return TrainedDictionary(project: due.name, bytes: bytes, note: note)
    }

    /// Trains on a thread that a stop does not wait for: zstd cannot be interrupted.
    private func train(_ samples: [UInt8], _ sizes: [Int], asking schedule: RecompactionSchedule) -> [UInt8]? {
        let result = NIOLockedValueBox<[UInt8]?>(nil)
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            Thread.current.name = "skein-trainer"
            BackgroundThread.giveWay()
            let bytes = DictionaryBook.train(samples, sizes, tableBits: 22)
            result.withLockedValue { $0 = bytes }
            done.signal()
        }
        thread.start()
        while done.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
            if schedule.hasStopped { return nil }
        }
        return result.withLockedValue { $0 }
    }

    private func dueProject() throws(StoreError) -> (number: Int64, name: String, bytes: Int64)? {
        let rows = try parts.connection.statement(
            """
            SELECT p.project_id, p.name, p.part_bytes FROM projects p
            LEFT JOIN meta m ON m.key = 'sampled_' || p.project_id
            WHERE p.part_bytes >= ?1 AND (m.value IS NULL OR p.part_bytes >= m.value * ?2)
            """
        )
        defer { rows.reset() }
        rows.bind(1, leastBytes)
        rows.bind(2, Self.growth)
        while try rows.step() {
            let name = rows.text(1)
            // One without a dictionary of its own gets none, or its first on arrival.
            guard book.dictionary(for: name).id != book.shipped.id else { continue }
            return (rows.integer(0), name, rows.integer(2))
        }
        return nil
    }

    /// Pieces from traces all over the file whose content is there.
    private func collect(
        _ project: Int64,
        while goesOn: () -> Bool
    ) throws(StoreError) -> (samples: [UInt8], sizes: [Int])? {
        let first = try parts.connection.integer("SELECT min(trace_no) FROM traces") ?? 0
        let last = try parts.connection.integer("SELECT max(trace_no) FROM traces") ?? 0
        let step = max((last - first) / Self.probes, 1)
        var samples: [UInt8] = []
        var sizes: [Int] = []
        var number = first
        var turn = 0
        while number <= last, samples.count < Self.mostSampleBytes {
            guard goesOn() else { return nil }
            if let piece = try piece(of: project, from: number, before: number + step, turn) {
                samples += piece
                sizes.append(piece.count)
            }
            number += step
            turn += 1
        }
        return (samples, sizes)
    }

    private func piece(
        of project: Int64,
        from number: Int64,
        before end: Int64,
        _ turn: Int
    ) throws(StoreError) -> ArraySlice<UInt8>? {
        let search = try parts.connection.statement(
            """
            SELECT trace_no FROM traces
            WHERE trace_no >= ? AND trace_no < ? AND project_id = ? AND content = 0 AND length(trace_id) > 0 LIMIT 1
            """
        )
        search.bind(1, number)
        search.bind(2, end)
        search.bind(3, project)
        let trace = try search.step() ? search.integer(0) : nil
        search.reset()
        guard let trace, let part = try parts.part(of: trace, turn: turn), let plain = try parts.plain(part) else {
            return nil
        }
        // Of a large part another piece each time.
        let spare = plain.count - Self.pieceBytes
        let start = spare > 0 ? turn &* 7_919_113 % spare : 0
        let piece = plain[start...].prefix(Self.pieceBytes)
        return piece.count < 64 ? nil : piece
    }
}
