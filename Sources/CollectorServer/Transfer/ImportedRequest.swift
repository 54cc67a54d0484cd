// ImportedRequest.swift - a document of an import as a request to send.

import OTLPCodec
import TraceModel

/// What is sent of a document: one kind of things, for one project.
struct ImportedRequest {
    var signal: OTLPSignal
    /// The project that the document names; nil where its resources may name their own.
    var project: String?
    /// An encoded `ExportTraceServiceRequest` or `ExportLogsServiceRequest`.
    var message: BatchStorage

    /// Reads a document.
    ///
    /// - Returns: Empty when there is nothing in it.
    /// - Throws: `OTLPCodecError` saying what is wrong with it.
    static func read(_ document: ImportDocument) throws(OTLPCodecError) -> [ImportedRequest] {
        switch document.form {
        case .json: try json(document.bytes)
        case .protobuf: [try protobuf(document.bytes)]
        }
    }

    private static func json(_ bytes: [UInt8]) throws(OTLPCodecError) -> [ImportedRequest] {
        guard let top = ImportJSON(bytes) else {
            // It says what is wrong, and where.
            _ = try transcoded(bytes, .traces)
            throw OTLPCodecError(code: .invalid, message: "no JSON object")
        }
        if let project = top.project, let problem = ProjectName.problem(project) {
            throw OTLPCodecError(code: .invalid, message: "the project \(problem)")
        }
        var requests: [ImportedRequest] = []
        for (name, signal) in [("resourceSpans", OTLPSignal.traces), ("resourceLogs", .logs)]
        where top.names.contains(name) {
            let message = try transcoded(bytes, signal)
            _ = try ExportRequestDecoder().decode(message, project: top.project, as: signal)
            requests.append(ImportedRequest(signal: signal, project: top.project, message: message))
        }
        if requests.isEmpty, !top.names.isEmpty {
            throw OTLPCodecError(code: .invalid, message: foreign(top.names))
        }
        return requests
    }

    private static func transcoded(_ bytes: [UInt8], _ signal: OTLPSignal) throws(OTLPCodecError) -> BatchStorage {
        let result = bytes.withUnsafeBytes { json -> Result<BatchStorage, OTLPCodecError> in
            Result { () throws(OTLPCodecError) in
                try JSONTranscoder.transcode(json, limit: ImportDocuments.mostBytes, as: signal)
            }
        }
        return try result.get()
    }

    private static func foreign(_ names: [String]) -> String {
        if names.contains("resourceMetrics") { return "holds metrics, which are not kept" }
        if names.contains("trace_id") || names.contains("request_id") {
            return "an export in the form jsonl, which cannot be imported; export with the form otlp"
        }
        return "neither 'resourceSpans' nor 'resourceLogs' is in it"
    }

    /// Spans and log records have the same frame around them: where one cannot be read the other is tried.
    private static func protobuf(_ bytes: [UInt8]) throws(OTLPCodecError) -> ImportedRequest {
        let message = BatchStorage(copying: bytes)
        let logs = ImportedRequest(signal: .logs, project: nil, message: message)
        do {
            let decoded = try ExportRequestDecoder().decode(message, project: nil, as: .traces)
            if decoded.batch.spans.isEmpty, decoded.rejected.count > 0, hasRecords(message) { return logs }
        } catch {
            guard hasRecords(message) else { throw error }
            return logs
        }
        return ImportedRequest(signal: .traces, project: nil, message: message)
    }

    private static func hasRecords(_ message: BatchStorage) -> Bool {
        guard let decoded = try? ExportRequestDecoder().decode(message, project: nil, as: .logs) else { return false }
        return decoded.batch.spans.count + decoded.unlisted > 0
    }
}
