// ProjectName+Request.swift - the project that a sender names beside its spans.

import TraceModel

extension ProjectName {
    /// The one valid name among the values of `X-Skein-Project`, a header field over HTTP and metadata over gRPC.
    ///
    /// - Parameter sent: The values.
    /// - Returns: Nil when there is none.
    /// - Throws: `ReceiverError` with code `invalid` for more than one, or a name that no project can have.
    static func checked(_ sent: [String]) throws(ReceiverError) -> String? {
        guard let name = sent.first else { return nil }
        guard sent.count == 1 else { throw bad("is there \(sent.count) times, once is allowed") }
        if let problem = problem(name) { throw bad(problem) }
        return name
    }

    private static func bad(_ why: String) -> ReceiverError {
        ReceiverError(code: .invalid, message: "X-Skein-Project \(why)", field: "X-Skein-Project")
    }
}
