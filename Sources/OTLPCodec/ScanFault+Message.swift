// ScanFault+Message.swift - what the scanner found wrong, in words.

import COTLP
import TraceModel

extension OTLPCodecError {
    /// The error for a request that was refused as a whole.
    init(refusing scan: cotlp_scan) {
        guard scan.fault != COTLP_NO_MEMORY else {
            self.init(code: .overloaded, message: "no memory to read the request")
            return
        }
        self.init(
            code: .invalid,
            message: "request is malformed at byte \(scan.fault_offset): \(scan.fault.requestWords)"
        )
    }
}

extension RejectedSpans {
    /// The spans or log records that were refused one by one.
    init(_ scan: cotlp_scan, of signal: OTLPSignal) {
        let counts = withUnsafeBytes(of: scan.rejected) { Array($0.bindMemory(to: UInt64.self)) }
        let count = counts.reduce(0) { $0 + Int($1) }
        guard count > 0 else {
            self = .none
            return
        }
        let reasons = counts.enumerated().filter { $0.element > 0 }.map { fault, many in
            "\(many) \(cotlp_fault(rawValue: numericCast(fault)).spanWords)"
        }
        let total = count + scan.span_count + Int(scan.unlisted)
        self.init(
            count: count,
            message: "\(count) of \(total) \(signal.items) rejected: \(reasons.joined(separator: ", "))"
        )
    }
}

extension cotlp_fault {
    /// What is wrong with a request: completes "request is malformed at byte 1: ...".
    fileprivate var requestWords: String {
        switch self {
        case COTLP_TOO_DEEP: "values are nested more than \(COTLP_MAX_DEPTH) levels deep"
        case COTLP_BAD_UTF8: "a string is not UTF-8"
        case COTLP_TOO_COSTLY: "a resource or scope holds too many tiny fields for its size"
        default: "a field is cut off, has the wrong wire type or occurs twice"
        }
    }

    /// What is wrong with a span: completes "1 of 2 spans rejected: 1 ...".
    fileprivate var spanWords: String {
        switch self {
        case COTLP_TOO_DEEP: "with values nested more than \(COTLP_MAX_DEPTH) levels deep"
        case COTLP_BAD_UTF8: "with a string that is not UTF-8"
        case COTLP_BAD_TRACE_ID: "with a trace_id that is not 16 bytes or all zero"
        case COTLP_BAD_SPAN_ID: "with a span_id that is not 8 bytes or all zero"
        case COTLP_TOO_COSTLY: "with too many tiny fields for its size"
        default: "with a field that is cut off, has the wrong wire type or occurs twice"
        }
    }
}
