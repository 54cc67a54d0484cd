// CallID.swift - the id by which a call is asked for.

import TraceModel
import TraceStore

/// The id of a call: `t_`, the trace id and the span id in hex; the same after an export and import.
struct CallID: Equatable {
    /// What such an id begins with; no trace id does.
    static let prefix = "t_"

    var traceID: TraceID
    var spanID: SpanID

    init(_ row: CallRow) {
        traceID = row.traceID
        spanID = row.spanID
    }

    init(traceID: TraceID, spanID: SpanID) {
        self.traceID = traceID
        self.spanID = spanID
    }

    /// Reads an id; nil when it is none.
    init?(_ text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        let digits = text.dropFirst(Self.prefix.count)
        guard digits.utf8.count == 48, let trace = TraceID(hex: String(digits.prefix(32))),
            let span = SpanID(hex: String(digits.suffix(16)))
        else { return nil }
        traceID = trace
        spanID = span
    }

    /// The id as text.
    var text: String { Self.prefix + traceID.hex + spanID.hex }
}
