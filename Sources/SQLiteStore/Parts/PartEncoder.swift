// PartEncoder.swift - spans of a batch to compressed parts, on the receiving side.

import NIOConcurrencyHelpers
import TraceModel
import TraceStore

/// Cuts the groups of a batch into parts and compresses them.
///
/// Runs on the caller's thread, never on the writer's.
struct PartEncoder: Sendable {
    /// A part holds at most so many bytes before compression, unless one span is larger.
    static let maxPlainBytes = 1 << 20

    let codec: ZstdCodec
    let book: DictionaryBook

    /// The parts of each group of the batch, in the order of the groups.
    ///
    /// - Parameters:
    ///   - batch: Spans that have been read.
    ///   - isLight: Whether to take less time and more room.
    /// - Returns: As many lists as there are groups.
    /// - Throws: `StoreError` when memory is short.
    func encode(_ batch: SpanBatch, isLight: Bool = false) throws(StoreError) -> [[EncodedPart]] {
        var scratch = Scratch()
        var result: [[EncodedPart]] = []
        result.reserveCapacity(batch.groups.count)
        var page: DictionaryPage?
        for group in batch.groups {
            if page?.project != group.project {
                note(page, isLight: isLight)
                page = book.page(of: group.project)
                if isLight, let dictionary = page?.dictionary.dictionary {
                    page?.dictionary.dictionary = dictionary.light()
                }
            }
            let dictionary = page?.dictionary ?? book.shipped
            var parts: [EncodedPart] = []
            var start = group.spans.lowerBound
            while start < group.spans.upperBound {
                let end = cut(batch, from: start, to: group.spans.upperBound)
                let part = try encode(batch, start..<end, dictionary, &scratch)
                parts.append(part)
                page?.add(scratch.plain, packedTo: part.payload.count)
                start = end
            }
            result.append(parts)
        }
        note(page, isLight: isLight)
        return result
    }

    /// Light parts say nothing of how well the dictionary fits.
    private func note(_ page: DictionaryPage?, isLight: Bool) {
        if let page, !isLight { book.note(page) }
    }

    /// All spans of a batch as one part, with the dictionary that holds nobody's spans.
    func encodeAlone(_ batch: SpanBatch) throws(StoreError) -> EncodedPart {
        var scratch = Scratch()
        return try encode(batch, batch.spans.indices, book.shipped, &scratch)
    }

    private func cut(_ batch: SpanBatch, from start: Int, to limit: Int) -> Int {
        var size = 0
        for index in start..<limit {
            size += Int(batch.spans[index].length) + 5
            if size > Self.maxPlainBytes, index > start { return index }
        }
        return limit
    }

    private func encode(
        _ batch: SpanBatch,
        _ spans: Range<Int>,
        _ dictionary: NumberedDictionary,
        _ scratch: inout Scratch
    ) throws(StoreError) -> EncodedPart {
        scratch.plain.removeAll(keepingCapacity: true)
        var ids: [UInt8] = []
        ids.reserveCapacity(spans.count * 8)
        var runs: [PartRun] = []
        for index in spans {
            let slice = batch.spans[index]
            Varint.append(UInt64(slice.length), to: &scratch.plain)
            scratch.plain.append(contentsOf: batch.bytes(of: slice))
            withUnsafeBytes(of: slice.spanID.value.bigEndian) { ids.append(contentsOf: $0) }
            if let last = runs.last, last.resource == Int64(slice.resource), last.scope == Int64(slice.scope) {
                runs[runs.count - 1].count += 1
            } else {
                runs.append(PartRun(resource: Int64(slice.resource), scope: Int64(slice.scope), count: 1))
            }
        }
        let packed = try compressed(&scratch, dictionary.dictionary)
        return EncodedPart(
            spans: spans,
            spanIDs: ids,
            runs: runs,
            encoding: packed == nil ? .plain : .zstd,
            dictionary: packed == nil ? nil : dictionary.id,
            plainLength: scratch.plain.count,
            payload: packed ?? scratch.plain,
            hashes: batch.findings?.hashes(of: spans, runs, using: &scratch.hashes)
        )
    }

    private func compressed(_ scratch: inout Scratch, _ dictionary: ZstdCompressionDictionary) throws(StoreError)
        -> [UInt8]?
    {
        if scratch.packed.count < scratch.plain.count {
            scratch.packed = [UInt8](repeating: 0, count: max(scratch.plain.count, 64 * 1024))
        }
        let plain = scratch.plain
        var failure: StoreError?
        let length: Int? = plain.withUnsafeBytes { from in
            scratch.packed.withUnsafeMutableBytes { into in
                do throws(StoreError) {
                    return try codec.compress(from, into: into, with: dictionary)
                } catch {
                    failure = error
                    return nil
                }
            }
        }
        if let failure { throw failure }
        return length.map { Array(scratch.packed[..<$0]) }
    }

    /// Memory used again from part to part.
    private struct Scratch {
        var plain: [UInt8] = []
        var packed: [UInt8] = []
        var hashes: [UInt64] = []
    }
}

extension BatchFindings {
    /// The stored form of what some spans and their resources can be found by; nil when one was not looked at.
    fileprivate func hashes(of spans: Range<Int>, _ runs: [PartRun], using found: inout [UInt64]) -> [UInt8]? {
        guard self.spans[spans].allSatisfy(\.isRead) else { return nil }
        let start = spans.lowerBound == 0 ? 0 : Int(self.spans[spans.lowerBound - 1].end)
        found.removeAll(keepingCapacity: true)
        found.append(contentsOf: hashes[start..<Int(self.spans[spans.upperBound - 1].end)])
        var last: Int64?
        for run in runs where run.resource != last {
            guard let hashes = resources[Int(run.resource)] else { return PartHashes.anything }
            found += hashes
            last = run.resource
        }
        return PartHashes.encode(found)
    }
}
