// QueryPlace.swift - which collector a command asks, and how it shows the answer.

import ArgumentParser
import CollectorServer
import Foundation
import TerminalText
import TraceModel

/// The options of commands that show what the query API answers.
struct QueryPlace: ParsableArguments {
    @OptionGroup var api: APIPlace

    @Flag(help: "As JSON, exactly what the API answers.")
    var json = false

    /// Opens a way to the API for the time of `work`; errors that a person can act on are said in one line.
    ///
    /// - Throws: `ExitCode`; 0 when whoever reads the output goes away.
    func asking(_ work: (APIAccess) async throws -> Void) async throws {
        try await reportingErrors {
            do {
                let access = try await api.open()
                do {
                    try await work(access)
                    await access.close()
                } catch {
                    await access.close()
                    throw error
                }
            } catch is BrokenPipe {
                throw ExitCode.success
            }
        }
    }
}

extension APIAccess {
    /// The JSON of an answer that has to be a success.
    func json(_ path: String, _ query: [(name: String, value: String)] = []) async throws -> JSONValue {
        let bytes = try await get(path, query).checked().collect(upTo: 256 << 20)
        guard let value = APIJSON.read(bytes) else { throw UnreadableAnswer() }
        return value
    }

    /// Writes an answer that has to be a success as it comes, and a line break behind it.
    func copy(_ path: String, _ query: [(name: String, value: String)] = []) async throws {
        for try await chunk in try await get(path, query).checked().body { try StandardOutput.write(chunk) }
        try StandardOutput.write([0x0A])
    }
}

/// What answers is no Skein.
struct UnreadableAnswer: CollectorError {
    var code: ErrorCode { .unavailable }
    var message: String { "the answer is no JSON; is this the address of a Skein server?" }
}
