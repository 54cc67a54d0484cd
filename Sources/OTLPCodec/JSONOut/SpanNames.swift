// SpanNames.swift - the words for numbers of OTLP.

/// The words that the query form has for kinds and status codes.
public enum SpanNames {
    /// The word for a kind (OTLP 1.x, `Span.kind`); nil for a number that OTLP does not know.
    public static func kind(_ kind: Int32) -> String? {
        switch kind {
        case 0: "unspecified"
        case 1: "internal"
        case 2: "server"
        case 3: "client"
        case 4: "producer"
        case 5: "consumer"
        default: nil
        }
    }

    /// The word for a status code (OTLP 1.x, `Status.code`); nil for a number that OTLP does not know.
    public static func status(_ code: Int32) -> String? {
        switch code {
        case 0: "UNSET"
        case 1: "OK"
        case 2: "ERROR"
        default: nil
        }
    }
}
