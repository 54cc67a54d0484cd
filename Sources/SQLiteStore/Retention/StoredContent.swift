// StoredContent.swift - whether the content of a trace is there.

/// Whether the content of a trace is there: `traces.content`.
///
/// The raw value is stored; numbers are never reused.
enum StoredContent: Int64 {
    case kept = 0
    case expired = 1
    /// Some parts are still to be written without; `meta.expiring` names the trace.
    case expiring = 2
}
