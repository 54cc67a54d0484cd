// SkeinProgram.swift - the program itself, as a shell runs it.

import Foundation
import Testing

/// Runs `skein`.
enum SkeinProgram {
    struct Result: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The program that was built with these tests.
    static let path = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appendingPathComponent("skein").path

    /// Runs a command to its end.
    static func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Result {
        let folder = LiveServer.temporaryFolder()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (output, errors) = (try File(folder + "/output"), try File(folder + "/errors"))
        let status = try await run(path, arguments, environment, output: output.handle, errors: errors.handle)
        return Result(status: status, output: try output.text(), errors: try errors.text())
    }

    /// Runs a command of the shell to its end; gives its status and what it and all in it said on standard error.
    static func shell(_ script: String) async throws -> (status: Int32, errors: String) {
        let folder = LiveServer.temporaryFolder()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let errors = try File(folder + "/errors")
        let arguments = ["-o", "pipefail", "-c", script]
        let status = try await run("/bin/bash", arguments, [:], output: .nullDevice, errors: errors.handle)
        return (status, try errors.text())
    }

    /// Runs a command that goes on, until `body` has seen enough of its output.
    static func follow(
        _ arguments: [String],
        _ body: (inout AsyncStream<String>.Iterator) async throws -> Void
    ) async throws {
        let pipe = Pipe()
        let process = made(path, arguments, [:], output: pipe, errors: FileHandle.nullDevice)
        let (lines, line) = AsyncStream.makeStream(of: String.self)
        try process.run()
        // A thread of its own, since reading blocks.
        let thread = Thread {
            var text: [UInt8] = []
            while case let data = pipe.fileHandleForReading.availableData, !data.isEmpty {
                text += data
                while let end = text.firstIndex(of: 0x0A) {
                    line.yield(String(decoding: text[..<end], as: UTF8.self))
                    text.removeSubrange(...end)
                }
            }
            line.finish()
        }
        thread.start()
        defer { process.terminate() }
        var iterator = lines.makeAsyncIterator()
        try await body(&iterator)
    }

    private static func run(
        _ path: String,
        _ arguments: [String],
        _ environment: [String: String],
        output: FileHandle,
        errors: FileHandle
    ) async throws -> Int32 {
        let process = made(path, arguments, environment, output: output, errors: errors)
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
    }

    private static func made(
        _ path: String,
        _ arguments: [String],
        _ environment: [String: String],
        output: Any,
        errors: Any
    ) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        // Nothing of whoever runs the tests.
        let own = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SKEIN_") }
        process.environment = own.merging(environment) { $1 }
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        return process
    }

    /// A file that a command writes to.
    private struct File {
        let path: String
        let handle: FileHandle

        init(_ path: String) throws {
            self.path = path
            _ = FileManager.default.createFile(atPath: path, contents: nil)
            handle = try #require(FileHandle(forWritingAtPath: path))
        }

        func text() throws -> String {
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        }
    }
}
