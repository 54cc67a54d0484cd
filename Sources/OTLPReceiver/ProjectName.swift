// ProjectName.swift - the project that a sender names beside its spans.

import TraceModel

/// Checks the value of `X-Skein-Project`, a header field over HTTP and metadata over gRPC.
enum ProjectName {
    /// The one valid name among the values that were sent; nil when there is none.
    ///
    /// - Throws: `ReceiverError` with code `invalid` for more than one, or a name that is not 1 to 128 bytes of
    ///   printable UTF-8.
    static func checked(_ sent: [String]) throws(ReceiverError) -> String? {
        guard let name = sent.first else { return nil }
        guard sent.count == 1 else { throw bad("is there \(sent.count) times, once is allowed") }
        let size = name.utf8.count
        guard (1...128).contains(size) else { throw bad("is \(size) bytes, 1 to 128 are allowed") }
        guard name.unicodeScalars.allSatisfy(\.isPrintable) else { throw bad("is not printable UTF-8") }
        return name
    }

    private static func bad(_ why: String) -> ReceiverError {
        ReceiverError(code: .invalid, message: "X-Skein-Project \(why)", field: "X-Skein-Project")
    }
}

extension Unicode.Scalar {
    var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        // What stands for bytes that were no UTF-8.
        default: self != "\u{FFFD}"
        }
    }
}
