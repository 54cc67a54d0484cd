// CommandOutput.swift - what commands write, and how they fail.

import ArgumentParser
import Foundation
import TraceModel

/// Writes to standard output.
func write(_ text: String) throws {
    try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
}

/// Says something to the person, beside the output.
func note(_ text: String) {
    // The exit code tells as well.
    try? FileHandle.standardError.write(contentsOf: Data("skein: \(text)\n".utf8))
}

/// Runs a command; an error that a person can act on is said in one line, with status 1.
func reportingErrors(_ work: () async throws -> Void) async throws {
    do {
        try await work()
    } catch let error as any CollectorError {
        note(error.message)
        throw ExitCode(1)
    }
}

/// The same for a command that never waits.
func reportingErrors(_ work: () throws -> Void) throws {
    do {
        try work()
    } catch let error as any CollectorError {
        note(error.message)
        throw ExitCode(1)
    }
}
