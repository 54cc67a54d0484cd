// ExportRequestDecoder.swift - an OTLP export request becomes a batch of span slices.

import COTLP
public import TraceModel

/// What a request holds.
public struct DecodedRequest: Sendable {
    /// The good spans or log records, grouped by project and trace; may be empty.
    public var batch: SpanBatch
    /// Those that can never be accepted.
    public var rejected: RejectedSpans
    /// Log records too short to say anything, which are in no batch.
    public var unlisted = 0

    /// Makes a result.
    public init(batch: SpanBatch, rejected: RejectedSpans) {
        self.batch = batch
        self.rejected = rejected
    }
}

/// Turns the bytes of an `ExportTraceServiceRequest` or `ExportLogsServiceRequest` (OTLP 1.x) into a batch.
///
/// Spans and log records are found and checked, not decoded: a batch refers to the bytes received.
public struct ExportRequestDecoder: Sendable {
    /// Makes a decoder.
    public init() {}

    /// Finds the spans or log records of a request.
    ///
    /// - Parameters:
    ///   - storage: The bytes of the message; zero bytes are a request without any.
    ///   - project: The project of all; nil takes it from each resource (`openinference.project.name`), else
    ///     `default`.
    ///   - signal: Which of the two requests it is.
    /// - Returns: The good ones, and how many were rejected. Neither is an error when there is none. A log record without
    ///   a valid trace or span id has none in its slice.
    /// - Throws: `OTLPCodecError` with code `invalid` when the request as a whole is malformed, `tooLarge` when it is
    ///   4 GiB or more, `overloaded` when there is no memory.
    public func decode(
        _ storage: BatchStorage,
        project: String?,
        as signal: OTLPSignal = .traces
    ) throws(OTLPCodecError) -> DecodedRequest {
        let bytes = storage.bytes
        guard bytes.count <= Int(UInt32.max) else {
            throw OTLPCodecError(
                code: .tooLarge,
                message: "request is \(bytes.count) bytes, the format's limit is 4 GiB"
            )
        }
        var scan = cotlp_scan()
        defer { cotlp_scan_free(&scan) }
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let fault =
            switch signal {
            case .traces: cotlp_scan_request(start, bytes.count, &scan)
            case .logs: cotlp_scan_logs(start, bytes.count, &scan)
            }
        guard fault == COTLP_FINE else {
            throw OTLPCodecError(refusing: scan)
        }
        let resources = scan.envelopes(scan.resources, count: scan.resource_count)
        let projects = try ResourceProjects(resources, override: project)
        let grouped = TraceGrouping(scan, projects: projects)
        var batch = SpanBatch(
            storage: storage,
            resources: resources,
            scopes: scan.envelopes(scan.scopes, count: scan.scope_count),
            spans: grouped.spans,
            groups: grouped.groups
        )
        batch.kind = signal == .logs ? .logRecords : .spans
        var decoded = DecodedRequest(batch: batch, rejected: RejectedSpans(scan, of: signal))
        decoded.unlisted = Int(scan.unlisted)
        return decoded
    }
}

extension cotlp_scan {
    /// Copies envelopes out of the scan.
    fileprivate func envelopes(_ entries: UnsafeMutablePointer<cotlp_envelope>?, count: Int) -> [SpanEnvelope] {
        UnsafeBufferPointer(start: entries, count: count).map { entry in
            let bytes = UnsafeBufferPointer(start: envelopes.map { $0 + Int(entry.offset) }, count: Int(entry.length))
            return SpanEnvelope(
                bytes: Array(bytes),
                fingerprint: cotlp_hash64(bytes.baseAddress, bytes.count, 0)
            )
        }
    }
}
