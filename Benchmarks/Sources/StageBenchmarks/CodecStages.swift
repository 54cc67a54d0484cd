// CodecStages.swift - the stages in front of the store, each on one thread.

import COTLP
import IngestPipeline
import OTLPCodec
import Pricing
import TraceAssembly
import TraceModel

/// Scanner, decoders, extraction and assembler over some bodies.
struct CodecStages {
    private let bodies: [BatchStorage]
    private let set: BodySet
    private let wanted: Range<Int>
    private let extractor: SpanExtractor

    init(_ options: Options) throws {
        set = try BodySet(path: options.set)
        wanted = 0..<min(options.bodies, set.count)
        bodies = try set.bodies(wanted)
        extractor = SpanExtractor(prices: CallPrices(try PriceTable.embedded()))
    }

    var all: [Stage] {
        var stages = [
            Stage(name: "scanner") { { scan() } },
            Stage(name: "grouping") { { try group() } },
            Stage(name: "decoder") { try decode() },
            Stage(name: "extraction") { try extract() },
            Stage(name: "assembler") { try assemble() },
        ]
        if set.has(".json") { stages.insert(Stage(name: "json-transcoder") { try transcode() }, at: 0) }
        if set.has(".pb.gz") { stages.insert(Stage(name: "gunzip") { try inflate() }, at: 0) }
        return stages
    }

    private func spans(in bodies: [BatchStorage]) throws -> Int {
        try bodies.reduce(0) { try $0 + ExportRequestDecoder().decode($1, project: nil).batch.spans.count }
    }

    private func inflate() throws -> () throws -> Int {
        let packed = try set.bodies(wanted, ".pb.gz")
        let count = try spans(in: bodies)
        return {
            for body in packed { keep(try Gunzip.inflate(body.bytes, limit: 64 << 20).bytes.count) }
            return count
        }
    }

    private func transcode() throws -> () throws -> Int {
        let texts = try set.bodies(wanted, ".json")
        let count = try spans(in: bodies)
        return {
            for body in texts { keep(try JSONTranscoder.transcode(body.bytes, limit: 64 << 20).bytes.count) }
            return count
        }
    }

    private func scan() -> Int {
        var count = 0
        for body in bodies {
            var scan = cotlp_scan()
            cotlp_scan_request(body.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), body.bytes.count, &scan)
            count += scan.span_count
            cotlp_scan_free(&scan)
        }
        return count
    }

    /// The scanner, and its spans grouped by trace.
    private func group() throws -> Int {
        try spans(in: bodies)
    }

    private func batches() throws -> [SpanBatch] {
        try bodies.map { try ExportRequestDecoder().decode($0, project: nil).batch }
    }

    private func decode() throws -> () throws -> Int {
        let batches = try batches()
        return {
            let decoder = try SpanDecoder()
            var count = 0
            for batch in batches {
                for slice in batch.spans {
                    keep(try decoder.withSpan(batch.bytes(of: slice)) { $0.pointee.n_attributes })
                }
                count += batch.spans.count
            }
            return count
        }
    }

    /// Decoding included, prices too.
    private func extract() throws -> () throws -> Int {
        let batches = try batches()
        return {
            var count = 0
            for batch in batches { count += try extractor.extract(batch).facts.count }
            return count
        }
    }

    private func assemble() throws -> () throws -> Int {
        let batches = try batches().map { try extractor.extract($0) }
        return {
            var count = 0
            for batch in batches {
                for group in batch.groups { keep(assemble(group, of: batch)) }
                count += batch.spans.count
            }
            return count
        }
    }

    /// A trace of its own of each group; what the writer would store of it.
    private func assemble(_ group: TraceGroup, of batch: SpanBatch) -> Int {
        var trace = AssembledTrace()
        batch.calls.withUnsafeBufferPointer { calls in
            for place in group.spans {
                let facts = batch.facts[place]
                _ = trace.insert(
                    facts,
                    callAt: facts.call < 0 ? nil : calls.baseAddress.map { $0 + Int(facts.call) },
                    session: batch.text(facts.session),
                    user: batch.text(facts.user),
                    service: batch.text(facts.service),
                    part: 0,
                    tieBreak: { _ in false }
                )
            }
        }
        trace.settle()
        return trace.summary.spanCount + trace.takeChangedCalls().count
    }
}

extension SpanBatch {
    /// The string that an index of `SpanFacts` names.
    fileprivate func text(_ index: Int32) -> String? {
        index < 0 ? nil : strings[Int(index)]
    }
}

/// Takes a result, so that the work for it is not left out.
@inline(never)
func keep<Value>(_ value: Value) {
    withExtendedLifetime(value) {}
}
