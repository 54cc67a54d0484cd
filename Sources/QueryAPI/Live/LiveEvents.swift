// LiveEvents.swift - events as they are sent.

import OTLPCodec
import TraceModel
import TraceStore

/// Some events, encoded (HTML standard, section 9.2.5).
struct LiveEvents: Sendable {
    private(set) var bytes: [UInt8] = []

    /// Why a client has to read its list again.
    enum ResetReason: String {
        /// The id is of another server, of one before its restart, or of none.
        case unknown = "unknown_id"
        /// More has changed since than is remembered.
        case tooOld = "too_old"
    }

    /// How long a client waits before it connects again.
    static let retryMilliseconds = 2000

    /// The beginning of a stream: nothing to show, but a place to come back to.
    mutating func begin(at position: FeedPosition) {
        line("retry", "\(Self.retryMilliseconds)")
        line("id", position.text)
        end()
    }

    /// Says that the stream is alive, and moves the place to come back to.
    mutating func beat(at position: FeedPosition) {
        bytes.append(raw: ": heartbeat\n")
        line("id", position.text)
        end()
    }

    mutating func reset(_ reason: ResetReason, at position: FeedPosition) {
        event("reset", at: position) { json in
            json.append(raw: "{\"reason\":")
            json.appendJSON(reason.rawValue)
            json.append(raw: "}")
        }
    }

    mutating func skipped(_ count: Int, at position: FeedPosition) {
        event("skipped", at: position) { json in
            json.append(raw: "{\"count\":")
            json.appendJSON(count)
            json.append(raw: "}")
        }
    }

    mutating func trace(_ summary: TraceSummary, isNew: Bool, at position: FeedPosition) {
        event("trace", at: position) { json in
            json.append(raw: isNew ? "{\"change\":\"new\",\"trace\":" : "{\"change\":\"changed\",\"trace\":")
            summary.appendRow(to: &json)
            json.append(raw: "}")
        }
    }

    mutating func deleted(_ trace: DeletedTrace, at position: FeedPosition) {
        event("deleted", at: position) { json in
            json.append(raw: "{\"trace_id\":")
            json.appendJSON(trace.traceID.hex)
            json.append(raw: ",\"project\":")
            json.appendJSON(trace.project)
            json.append(raw: "}")
        }
    }

    private mutating func event(_ name: StaticString, at position: FeedPosition, _ data: (inout [UInt8]) -> Void) {
        bytes.append(raw: "event: ")
        bytes.append(raw: name)
        bytes.append(raw: "\n")
        line("id", position.text)
        bytes.append(raw: "data: ")
        let start = bytes.count
        data(&bytes)
        // A line break would end the data; in JSON it can only stand between values, where a space means the same.
        for place in start..<bytes.count where bytes[place] == 0x0A || bytes[place] == 0x0D {
            bytes[place] = UInt8(ascii: " ")
        }
        bytes.append(raw: "\n")
        end()
    }

    private mutating func line(_ name: StaticString, _ value: String) {
        bytes.append(raw: name)
        bytes.append(raw: ": ")
        bytes.append(contentsOf: value.utf8)
        bytes.append(raw: "\n")
    }

    private mutating func end() {
        bytes.append(raw: "\n")
    }
}

extension FeedPosition {
    /// As the id of an event: the epoch in hexadecimal, the sequence in decimal.
    var text: String { "\(String(epoch, radix: 16))-\(sequence)" }

    /// Reads the id of an event; nil when it is none.
    init?(text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let epoch = UInt64(parts[0], radix: 16), let sequence = UInt64(parts[1]) else {
            return nil
        }
        self.init(epoch: epoch, sequence: sequence)
    }
}
