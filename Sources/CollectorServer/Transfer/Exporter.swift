// Exporter.swift - skein export: what a filter matches, into a file or to standard output.

import Glibc
import TraceModel
import TraceStore

/// Writes an export as it comes in, at the speed of where it goes.
public struct Exporter: Sendable {
    private let access: APIAccess

    /// Makes an exporter.
    ///
    /// - Parameter access: Where the data comes from.
    public init(_ access: APIAccess) {
        self.access = access
    }

    /// Writes an export.
    ///
    /// A file appears under its name only when it is whole, for its owner alone (mode 0600).
    ///
    /// - Parameters:
    ///   - query: The parameters of `GET /v1/export`.
    ///   - path: The file, replaced when it is there; nil or `-` for standard output.
    /// - Returns: The bytes written.
    /// - Throws: `APIRefusal` when the server refuses it, `StoreError` when it breaks off or cannot be written.
    public func write(_ query: [(name: String, value: String)], to path: String?) async throws -> Int {
        let answer = try await access.get("/v1/export", query).checked()
        guard let path, path != "-" else {
            return try await Self.copy(answer.body, to: STDOUT_FILENO, named: "standard output")
        }
        let draft = path + ".part-\(getpid())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("cannot write \(draft)") }
        defer { close(descriptor) }
        do {
            let size = try await Self.copy(answer.body, to: descriptor, named: draft)
            guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw Self.failure("cannot write \(path)") }
            return size
        } catch {
            unlink(draft)
            throw error
        }
    }

    private static func copy(_ body: APIBody, to descriptor: Int32, named name: String) async throws -> Int {
        var size = 0
        for try await chunk in body {
            var rest = chunk[...]
            while !rest.isEmpty {
                let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if written < 0, errno == EINTR { continue }
                guard written >= 0 else { throw failure("cannot write \(name)") }
                rest = rest.dropFirst(written)
            }
            size += chunk.count
        }
        return size
    }

    private static func failure(_ what: String) -> StoreError {
        StoreError(code: .unavailable, message: "\(what): \(String(cString: strerror(errno)))")
    }
}
