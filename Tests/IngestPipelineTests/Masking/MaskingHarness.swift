// MaskingHarness.swift - requests through the masking, and what is left of them.

import Foundation
import OTLPCodec
import TestSupport
import TraceModel

@testable import IngestPipeline

/// Rules and the switch, as a test gives them.
struct MaskingHarness {
    let masking: SpanMasking

    init(_ rules: [RedactionRule] = [], keepsContent: Bool = true) throws {
        guard let masking = try SpanMasking(rules: rules, keepsContent: keepsContent) else { throw Nothing() }
        self.masking = masking
    }

    struct Nothing: Error {}

    func mask(_ request: [UInt8]) throws -> MaskedBatch {
        masking.mask(try Self.decode(request))
    }

    /// The spans of a request after masking, as OTLP/JSON.
    func json(_ request: [UInt8]) throws -> String {
        try Self.json(of: mask(request).batch)
    }

    static func decode(_ request: [UInt8]) throws -> SpanBatch {
        try ExportRequestDecoder().decode(BatchStorage(copying: request), project: "p").batch
    }

    /// Resources, scopes and spans of a batch.
    static func json(of batch: SpanBatch) throws -> String {
        let renderer = try SpanRenderer(detail: .full)
        var json: [UInt8] = []
        for resource in batch.resources { try renderer.appendOTLP(resource: resource, to: &json) }
        for scope in batch.scopes { try renderer.appendOTLP(scope: scope, to: &json) }
        for slice in batch.spans { try renderer.appendOTLP(span: batch.bytes(of: slice), to: &json) }
        return String(decoding: json, as: UTF8.self)
    }

    /// Every byte of a batch that goes to the store.
    static func bytes(of batch: SpanBatch) -> [UInt8] {
        batch.resources.flatMap(\.bytes) + batch.scopes.flatMap(\.bytes)
            + batch.spans.flatMap { Array(batch.bytes(of: $0)) }
    }
}

extension RedactionRule {
    static func attribute(_ key: String, _ action: Action = .mask) -> RedactionRule {
        RedactionRule(target: .attribute(key), action: action)
    }

    static func pattern(_ text: String, _ replacement: String? = nil) -> RedactionRule {
        RedactionRule(target: .pattern(text), replacement: replacement)
    }

    static func builtIn(_ pattern: BuiltInPattern) -> RedactionRule {
        RedactionRule(target: .builtIn(pattern))
    }
}

/// The trace requests of a capture of the corpus, as protobuf.
enum CaptureRequests {
    static func read(_ name: String) throws -> [[UInt8]] {
        let folder = Fixtures.folder.appendingPathComponent("corpus/\(name)")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        return try files.filter { $0.first?.isNumber == true }.map { file in
            var storage = BatchStorage(copying: try Data(contentsOf: folder.appendingPathComponent(file)))
            if storage.bytes.starts(with: [0x1F, 0x8B]) {
                storage = try withExtendedLifetime(storage) { try Gunzip.inflate(storage.bytes, limit: 1 << 26) }
            }
            if file.hasSuffix(".json") {
                storage = try withExtendedLifetime(storage) {
                    try JSONTranscoder.transcode(storage.bytes, limit: 1 << 26)
                }
            }
            return withExtendedLifetime(storage) { Array(storage.bytes) }
        }
    }
}
