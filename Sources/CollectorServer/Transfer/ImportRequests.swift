// ImportRequests.swift - requests of an import that are put together from documents.

import OTLPCodec
import TraceModel

/// Collects documents into requests of some MiB, one for each signal and project, in the order in which they came.
struct ImportRequests {
    /// A request that is ready.
    struct Request {
        var signal: OTLPSignal
        var project: String?
        var message: [UInt8]
    }

    /// About as much is sent at a time; far below the least limit that a server is likely to have.
    static let enough = 4 << 20

    private var requests: [Request] = []
    private var bytes = 0

    /// Whether it is time to send.
    var isEnough: Bool { bytes >= Self.enough }

    /// Adds a document; a large one is cut between its spans or records.
    mutating func add(_ document: ImportedRequest, project: String?) throws {
        let size = document.message.bytes.count
        guard size > Self.enough else { return add(document.message.copy, document.signal, project) }
        let decoded = try ExportRequestDecoder().decode(document.message, project: project, as: document.signal)
        // What cannot be accepted is told by the server, which has to see it.
        guard decoded.rejected.count == 0, decoded.unlisted == 0 else {
            return add(document.message.copy, document.signal, project)
        }
        for part in Self.parts(of: decoded.batch, bytes: Self.enough) {
            requests.append(Request(signal: document.signal, project: project, message: part))
            bytes += part.count
        }
    }

    /// Messages of the same kind put side by side are one message with the fields of both.
    private mutating func add(_ message: [UInt8], _ signal: OTLPSignal, _ project: String?) {
        bytes += message.count
        let same = requests.lastIndex { $0.signal == signal && $0.project == project }
        if let same, requests[same].message.count + message.count <= Self.enough {
            requests[same].message.append(contentsOf: message)
        } else {
            requests.append(Request(signal: signal, project: project, message: message))
        }
    }

    /// Gives everything away: spans first, so that their traces come in order.
    mutating func take() -> [Request] {
        defer {
            requests = []
            bytes = 0
        }
        return requests.filter { $0.signal == .traces } + requests.filter { $0.signal == .logs }
    }

    /// A request in two; one where it holds a single span or record.
    static func halves(of request: Request) throws -> [Request] {
        let storage = BatchStorage(copying: request.message)
        let decoded = try ExportRequestDecoder().decode(storage, project: request.project, as: request.signal)
        guard decoded.batch.spans.count > 1 else { return [request] }
        let half = decoded.batch.spans.reduce(0) { $0 + Int($1.length) } / 2
        return parts(of: decoded.batch, bytes: max(half, 1)).map {
            Request(signal: request.signal, project: request.project, message: $0)
        }
    }

    /// Requests that hold a batch together, each of about so many bytes, or of one span or record.
    private static func parts(of batch: SpanBatch, bytes: Int) -> [[UInt8]] {
        var request = SpanRequest()
        var parts: [[UInt8]] = []
        var size = 0
        for slice in batch.spans {
            if size > 0, size + Int(slice.length) > bytes {
                parts.append(request.take().copy)
                size = 0
            }
            let span = withExtendedLifetime(batch) { Array(batch.bytes(of: slice)) }
            request.add(span, at: slice, of: batch)
            size += Int(slice.length)
        }
        if size > 0 { parts.append(request.take().copy) }
        return parts
    }
}

extension BatchStorage {
    /// The bytes, which last longer than the storage.
    fileprivate var copy: [UInt8] {
        withExtendedLifetime(self) { Array(bytes) }
    }
}
