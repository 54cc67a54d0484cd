// StandardOutput.swift - standard output of commands that may write much.

import Foundation
import TerminalText

/// Whoever read the output went away.
struct BrokenPipe: Error {}

/// Standard output, written without a buffer.
enum StandardOutput {
    /// Writes all bytes.
    ///
    /// - Throws: `BrokenPipe` when nobody reads them any more.
    static func write(_ bytes: [UInt8]) throws {
        // Otherwise the signal would end the process before the store is closed.
        signal(SIGPIPE, SIG_IGN)
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(bytes))
        } catch {
            if isBrokenPipe(error as NSError) { throw BrokenPipe() }
            throw error
        }
    }

    /// Writes text.
    static func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    private static func isBrokenPipe(_ error: NSError) -> Bool {
        if error.domain == NSPOSIXErrorDomain, error.code == Int(EPIPE) { return true }
        return (error.userInfo[NSUnderlyingErrorKey] as? NSError).map(isBrokenPipe) ?? false
    }

    /// Where text is shown: the width of the terminal and its colours, or neither in a file or pipe.
    static func place() -> TextPlace {
        let environment = ProcessInfo.processInfo.environment
        let isTerminal = isatty(STDOUT_FILENO) == 1
        // https://no-color.org: any value that is not empty.
        let isPlain = environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        return TextPlace(width: isTerminal ? width(environment) : nil, hasColours: isTerminal && !isPlain) { seconds in
            TimeZone.current.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds)))
        }
    }

    private static func width(_ environment: [String: String]) -> Int {
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return environment["COLUMNS"].flatMap { Int($0) } ?? 100
    }
}
