// AnalysedSlice.swift - what was found in some parts, ready to be written.

import TraceModel

/// A run of a tool.
struct ToolRunRow: Sendable, Equatable {
    var span: SpanID
    var name: String
    var start: Int64
    var duration: Int64
    var status: SpanStatus
}

/// The hash of the prompt of a call.
struct PromptRow: Sendable, Equatable {
    var call: Int64
    var hash: Int64
    /// Whether it comes from a preview of the span, which never replaces what is there.
    var isPreview: Bool
}

/// The words of a document.
struct TextDocument: Sendable, Equatable {
    var key: Int64
    var words: [UInt8]
}

/// What was found in one part.
struct AnalysedPart: Sendable, Equatable {
    var key: Int64
    var project: Int64 = 0
    /// The stored form of its hashes; nil when the part could not be looked through.
    var hashes: [UInt8]?
    var prompts: [PromptRow] = []
    var tools: [ToolRunRow] = []
    var documents: [TextDocument] = []

    init(key: Int64) {
        self.key = key
    }
}

/// What was found in some parts; written in one transaction with the removal of their rows from `pending`.
struct AnalysedSlice: Sendable {
    /// Of which round of indexing it is: one of a former round is not written.
    var round: Int
    var parts: [AnalysedPart]
}

/// What became of a slice.
struct SliceOutcome: Sendable {
    /// Whether it was of a former round, so that nothing was written.
    var isStale = false
    /// How long the writer took.
    var nanoseconds: UInt64 = 0
    /// The places of the groups of parts that were written.
    var written: [Int] = []
}
