// OTLPAnswer.swift - the bodies of answers: success, partial success, and the status of an error.

public import TraceModel

/// The two encodings of OTLP over HTTP; an answer has that of its request (OTLP 1.x, OTLP/HTTP Response).
public enum OTLPEncoding: Sendable {
    /// Binary protobuf.
    case protobuf
    /// JSON protobuf.
    case json

    /// The media type, for `Content-Type`.
    public var contentType: String {
        switch self {
        case .protobuf: "application/x-protobuf"
        case .json: "application/json"
        }
    }
}

/// What a `google.rpc.Status` says besides code and message.
public enum StatusDetail: Sendable {
    /// `google.rpc.BadRequest` with one violation: which field, and what is wrong with it.
    case badRequest(field: String, description: String)
    /// `google.rpc.RetryInfo`: how long to wait before the same request is sent again; below zero counts as zero.
    case retryInfo(Duration)
}

/// Encodes the bodies of answers to an export.
///
/// Source: OTLP 1.x, Full Success, Partial Success, Failures. Texts are cut to `maxTextBytes`, so that answers stay
/// far below the 4 MiB that a client has to take.
public enum OTLPAnswer {
    /// Texts longer than this many bytes of UTF-8 are cut, between two characters.
    public static let maxTextBytes = 4096

    /// The response to a request that was taken, such as `ExportTraceServiceResponse`; alike for all signals.
    ///
    /// - Parameters:
    ///   - rejected: What was refused; with `none` the answer is zero bytes or `{}`, since `partial_success` must be
    ///     unset then. A count of 0 with a message is a warning.
    ///   - encoding: The encoding of the request.
    ///   - signal: What the request carried.
    /// - Returns: The body.
    public static func success(
        _ rejected: RejectedSpans,
        as encoding: OTLPEncoding,
        for signal: OTLPSignal = .traces
    ) -> [UInt8] {
        let count = Int64(max(rejected.count, 0))
        let message = cut(rejected.message)
        let isFull = count == 0 && message.isEmpty
        switch encoding {
        case .protobuf:
            guard !isFull else { return [] }
            var partial: [UInt8] = []
            partial.appendVarintField(1, UInt64(count))
            partial.appendBytesField(2, message)
            var answer: [UInt8] = []
            answer.appendBytesField(1, partial)
            return answer
        case .json:
            guard !isFull else { return Array("{}".utf8) }
            var members: [[UInt8]] = []
            // An int64 of the JSON mapping is a decimal string.
            let name = signal == .logs ? "rejectedLogRecords" : "rejectedSpans"
            if count > 0 { members.append(Array(#""\#(name)":"\#(count)""#.utf8)) }
            if !message.isEmpty { members.append(Array(#""errorMessage":"#.utf8) + jsonText(message)) }
            return Array(#"{"partialSuccess":{"#.utf8) + Array(members.joined(separator: [UInt8(ascii: ",")]))
                + Array("}}".utf8)
        }
    }

    /// The `google.rpc.Status` that every answer of class 4xx and 5xx has as its body.
    ///
    /// - Parameters:
    ///   - code: The gRPC code.
    ///   - message: What went wrong, for a developer.
    ///   - details: What else can be said.
    ///   - encoding: The encoding of the request.
    /// - Returns: The body.
    public static func status(
        code: Int32,
        message: String,
        details: [StatusDetail],
        as encoding: OTLPEncoding
    ) -> [UInt8] {
        switch encoding {
        case .protobuf:
            var status: [UInt8] = []
            status.appendVarintField(1, UInt64(bitPattern: Int64(code)))
            status.appendBytesField(2, cut(message))
            for detail in details { status.appendBytesField(3, detail.packed, keepsEmpty: true) }
            return status
        case .json:
            var status = Array(#"{"code":\#(code),"message":"#.utf8) + jsonText(cut(message))
            if !details.isEmpty {
                status += Array(#","details":["#.utf8)
                status += details.map(\.json).joined(separator: [UInt8(ascii: ",")])
                status.append(UInt8(ascii: "]"))
            }
            status.append(UInt8(ascii: "}"))
            return status
        }
    }

    /// The UTF-8 of a text, cut to `maxTextBytes` between two characters.
    fileprivate static func cut(_ text: String) -> [UInt8] {
        guard text.utf8.count > maxTextBytes else { return Array(text.utf8) }
        var kept = 0
        for character in text {
            let length = character.utf8.count
            guard kept + length <= maxTextBytes else { break }
            kept += length
        }
        return Array(text.utf8.prefix(kept))
    }

    /// A JSON string with its quotes.
    fileprivate static func jsonText(_ text: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        var result: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                result += Array(#"\u00"#.utf8)
                result += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: result.append(byte)
            }
        }
        result.append(UInt8(ascii: "\""))
        return result
    }
}

extension StatusDetail {
    private var typeURL: String {
        switch self {
        case .badRequest: "type.googleapis.com/google.rpc.BadRequest"
        case .retryInfo: "type.googleapis.com/google.rpc.RetryInfo"
        }
    }

    /// The detail as a `google.protobuf.Any`.
    fileprivate var packed: [UInt8] {
        var value: [UInt8] = []
        switch self {
        case .badRequest(let field, let description):
            var violation: [UInt8] = []
            violation.appendBytesField(1, OTLPAnswer.cut(field))
            violation.appendBytesField(2, OTLPAnswer.cut(description))
            value.appendBytesField(1, violation, keepsEmpty: true)
        case .retryInfo(let delay):
            let (seconds, nanoseconds) = delay.wholeAndNanoseconds
            var duration: [UInt8] = []
            duration.appendVarintField(1, UInt64(seconds))
            duration.appendVarintField(2, UInt64(nanoseconds))
            value.appendBytesField(1, duration, keepsEmpty: true)
        }
        var any: [UInt8] = []
        any.appendBytesField(1, Array(typeURL.utf8))
        any.appendBytesField(2, value)
        return any
    }

    /// The detail in the JSON form of a `google.protobuf.Any`.
    fileprivate var json: [UInt8] {
        let type = Array(#"{"@type":"\#(typeURL)","#.utf8)
        switch self {
        case .badRequest(let field, let description):
            return type + Array(#""fieldViolations":[{"field":"#.utf8) + OTLPAnswer.jsonText(OTLPAnswer.cut(field))
                + Array(#","description":"#.utf8) + OTLPAnswer.jsonText(OTLPAnswer.cut(description))
                + Array("}]}".utf8)
        case .retryInfo(let delay):
            return type + Array(#""retryDelay":"\#(delay.protobufText)"}"#.utf8)
        }
    }
}

extension Duration {
    /// Seconds and nanoseconds, never below zero.
    fileprivate var wholeAndNanoseconds: (Int64, Int64) {
        let delay = Swift.max(self, .zero).components
        return (delay.seconds, delay.attoseconds / 1_000_000_000)
    }

    /// The JSON form of `google.protobuf.Duration`: seconds with 0, 3, 6 or 9 decimals and an `s`.
    fileprivate var protobufText: String {
        let (seconds, nanoseconds) = wholeAndNanoseconds
        guard nanoseconds > 0 else { return "\(seconds)s" }
        var decimals = String(nanoseconds)
        decimals = String(repeating: "0", count: 9 - decimals.utf8.count) + decimals
        while decimals.hasSuffix("000") { decimals.removeLast(3) }
        return "\(seconds).\(decimals)s"
    }
}

extension [UInt8] {
    /// Appends a varint field unless it is zero.
    fileprivate mutating func appendVarintField(_ number: UInt8, _ value: UInt64) {
        guard value != 0 else { return }
        append(number << 3)
        appendVarint(value)
    }

    /// Appends a length-delimited field unless it is empty.
    fileprivate mutating func appendBytesField(_ number: UInt8, _ value: [UInt8], keepsEmpty: Bool = false) {
        guard keepsEmpty || !value.isEmpty else { return }
        append(number << 3 | 2)
        appendVarint(UInt64(value.count))
        append(contentsOf: value)
    }

    private mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}
