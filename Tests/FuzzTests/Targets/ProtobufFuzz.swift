// ProtobufFuzz.swift - a request from its bytes to the JSON of its spans, and back.

import COTLP
import Foundation
import IngestPipeline
import OTLPCodec
import TraceModel

/// Decodes a request and holds what comes of it against what is promised.
enum ProtobufFuzz {
    static func feed(_ input: UnsafeRawBufferPointer) throws(FuzzFinding) {
        // A copy of exactly this size, so that a read behind it is noticed.
        let storage = BatchStorage(copying: input)
        try LogFuzz.check(storage)
        let decoded: DecodedRequest
        do throws(OTLPCodecError) {
            decoded = try ExportRequestDecoder().decode(storage, project: nil)
        } catch {
            return
        }
        try check(decoded)
    }

    /// Checks everything behind the scanner.
    static func check(_ decoded: DecodedRequest) throws(FuzzFinding) {
        let batch = decoded.batch
        let sent = spanCount(batch.storage.bytes)
        try FuzzFinding.unless(
            batch.spans.count + decoded.rejected.count == sent,
            "\(batch.spans.count) accepted and \(decoded.rejected.count) rejected of \(sent) spans"
        )
        try checkGroups(batch)
        let extracted: SpanBatch
        do {
            extracted = try SpanExtractor().extract(batch)
        } catch {
            throw FuzzFinding("what the scanner accepts is not decoded: \(error)")
        }
        try FuzzFinding.unless(extracted.facts.count == batch.spans.count, "a span has no facts")
        try checkRoots(extracted)
        try AssemblyFuzz.check(extracted)
        try PartsFuzz.checkStored(extracted)
        try RenderingFuzz.check(extracted)
    }

    private static func checkGroups(_ batch: SpanBatch) throws(FuzzFinding) {
        var next = 0
        for group in batch.groups {
            try FuzzFinding.unless(
                group.spans.lowerBound == next && !group.spans.isEmpty && !group.project.isEmpty,
                "groups are not one behind the other"
            )
            next = group.spans.upperBound
            try FuzzFinding.unless(
                batch.spans[group.spans].allSatisfy { $0.traceID == group.traceID },
                "a span is in the group of another trace"
            )
        }
        try FuzzFinding.unless(next == batch.spans.count, "a span is in no group")
    }

    private static func checkRoots(_ batch: SpanBatch) throws(FuzzFinding) {
        for group in batch.groups {
            try FuzzFinding.unless(!group.roots.isEmpty, "a group has nothing to show")
            for root in group.roots { try JSONCheck.check(root.attributes, "root attributes") }
        }
    }

    /// Spans of a well-formed request, counted in the plainest way.
    private static func spanCount(_ request: UnsafeRawBufferPointer) -> Int {
        var count = 0
        for resourceSpans in PlainWire.messages(1, in: request[...]) {
            for scopeSpans in PlainWire.messages(2, in: resourceSpans) {
                count += PlainWire.messages(2, in: scopeSpans).count
            }
        }
        return count
    }
}

/// A second reader of the wire format, as simple as can be.
enum PlainWire {
    typealias Bytes = Slice<UnsafeRawBufferPointer>

    /// The payloads of a length-delimited field of a well-formed message.
    static func messages(_ wanted: UInt64, in message: Bytes) -> [Bytes] {
        var rest = message
        var found: [Bytes] = []
        while !rest.isEmpty {
            let tag = varint(&rest)
            switch tag & 7 {
            case 0: _ = varint(&rest)
            case 1: rest = rest.dropFirst(8)
            case 2:
                let length = Int(varint(&rest))
                if tag >> 3 == wanted { found.append(rest.prefix(length)) }
                rest = rest.dropFirst(length)
            default: rest = rest.dropFirst(4)
            }
        }
        return found
    }

    private static func varint(_ rest: inout Bytes) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = rest.popFirst() {
            value |= UInt64(byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 { break }
        }
        return value
    }
}

/// Whether bytes are JSON, as Foundation sees it.
enum JSONCheck {
    static func check(_ json: [UInt8], _ what: String) throws(FuzzFinding) {
        do {
            _ = try JSONSerialization.jsonObject(with: Data(json), options: .fragmentsAllowed)
        } catch {
            throw FuzzFinding("\(what): no JSON")
        }
    }
}
