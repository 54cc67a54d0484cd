// RecordingLog.swift - a log handler that remembers.

import Logging
import NIOConcurrencyHelpers

/// Remembers what is logged at `info` and above.
struct RecordingLog: LogHandler {
    struct Entry: Sendable {
        var level: Logger.Level
        var message: String
        var metadata: [String: String]
    }

    private let stored = NIOLockedValueBox<[Entry]>([])
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    var entries: [Entry] { stored.withLockedValue { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        stored.withLockedValue { entries in
            entries.append(
                Entry(
                    level: event.level,
                    message: event.message.description,
                    metadata: all.mapValues(\.description)
                )
            )
        }
    }
}
