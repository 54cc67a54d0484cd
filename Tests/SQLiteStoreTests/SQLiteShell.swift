// SQLiteShell.swift - what is in the file of a store, by somebody else's program.

import Foundation

/// The answer of the `sqlite3` shell.
@discardableResult
func sqlite(_ folder: String, _ sql: String) throws -> String {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    shell.arguments = ["sqlite3", "-cmd", ".timeout 10000", folder + "/skein.db", sql]
    let output = Pipe()
    shell.standardOutput = output
    try shell.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    shell.waitUntilExit()
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
}
