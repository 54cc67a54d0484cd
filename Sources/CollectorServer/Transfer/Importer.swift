// Importer.swift - skein import: files of OTLP on their way into a store.

import OTLPCodec
import TraceModel
import TraceStore

/// Sends files of OTLP to a collector, a bounded request after the other.
///
/// What a request holds is stored when its answer is there. An import that was stopped can be repeated: what is stored
/// already counts as duplicate.
public struct Importer {
    /// What became of everything so far.
    public private(set) var report = ImportReport()

    private let access: APIAccess
    private let project: String?
    private let skipsBad: Bool
    private let note: (String) -> Void
    private let onProgress: (ImportReport) -> Void
    private var pending = ImportRequests()

    /// Makes an importer.
    ///
    /// - Parameters:
    ///   - access: Where everything goes.
    ///   - project: The project of all, whatever the files say; nil for what they say.
    ///   - skipsBad: Whether a document that cannot be read is passed over, instead of ending the import.
    ///   - note: Told of what was passed over or rejected, and why.
    ///   - onProgress: Told what was done so far, again and again.
    /// - Throws: `ImportError` when no project can have the name.
    public init(
        _ access: APIAccess,
        project: String? = nil,
        skipsBad: Bool = false,
        note: @escaping (String) -> Void = { _ in },
        onProgress: @escaping (ImportReport) -> Void = { _ in }
    ) throws {
        if let project, let problem = ProjectName.problem(project) {
            throw ImportError.invalid("the project \(problem)")
        }
        self.access = access
        self.project = project
        self.skipsBad = skipsBad
        self.note = note
        self.onProgress = onProgress
    }

    /// Imports a file.
    ///
    /// - Parameter path: The file; `-` for standard input.
    /// - Throws: `ImportError` when something in it cannot be read, `APIRefusal` when the server refuses it, `StoreError`
    ///   when there is no answer. Everything before it is stored then, unless the server failed.
    public mutating func add(_ path: String) async throws {
        var documents = ImportDocuments(try ImportSource(path))
        do {
            while let document = try documents.next() {
                try Task.checkCancellation()
                try await take(document, of: documents.name)
            }
        } catch let error as ImportError {
            try await flush()
            // The rest of a file whose frame is broken cannot be found.
            try skip(error)
        }
        try await flush()
    }

    private mutating func take(_ document: ImportDocument, of file: String) async throws {
        let requests: [ImportedRequest]
        do {
            requests = try ImportedRequest.read(document)
        } catch {
            let problem = ImportError.invalid("\(file), \(document.place): \(error.message)")
            if skipsBad { return try skip(problem) }
            throw problem
        }
        for request in requests {
            try pending.add(request, project: project ?? request.project)
            if pending.isEnough { try await flush() }
        }
    }

    private mutating func skip(_ error: ImportError) throws(ImportError) {
        guard skipsBad else { throw error }
        report.skipped += 1
        note(error.message)
    }

    /// Sends everything that waits, spans before the log records that belong to them.
    private mutating func flush() async throws {
        for request in pending.take() { try await send(request) }
    }

    private mutating func send(_ request: ImportRequests.Request) async throws {
        let answer = try await ImportPost(access: access).send(request)
        switch answer {
        case .taken(let receipt, let reason):
            report.add(receipt: receipt, isSpans: request.signal == .traces)
            if !reason.isEmpty { note("rejected: \(reason)") }
            onProgress(report)
        case .tooLarge(let refusal):
            let halves = try ImportRequests.halves(of: request)
            guard halves.count > 1 else { throw refusal }
            for half in halves { try await send(half) }
        }
    }
}
