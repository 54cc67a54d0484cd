// CollectorConfig+Trial.swift - tries the masking of a configuration.

import IngestPipeline
import TraceModel

extension CollectorConfig {
    /// What would be stored of a request with these settings.
    ///
    /// - Parameter request: An OTLP export request in JSON or protobuf, plain or gzip.
    /// - Returns: The spans as they would be stored, in OTLP/JSON, and one line for what each rule did.
    /// - Throws: `CollectorError` when the request cannot be read; `RedactionError` when a rule cannot be used.
    public func tryMasking(_ request: [UInt8]) throws -> (json: [UInt8], summary: [String]) {
        let trial = try MaskingTrial(request, rules: redaction, keepsContent: keepsContent)
        return (trial.json, trial.summary)
    }
}
