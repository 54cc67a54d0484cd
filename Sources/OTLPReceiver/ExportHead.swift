// ExportHead.swift - what the header fields of an export request say.

import HTTPTypes
import OTLPCodec
import TraceModel

/// How a body was compressed.
enum BodyCompression: String {
    case identity
    case gzip
    case deflate
}

/// What the header fields of an export request say.
struct ExportHead: Equatable {
    /// The encoding of the body, and so of the answer.
    var encoding: OTLPEncoding
    var compression: BodyCompression
    /// The project that the sender names; nil when it names none.
    var project: String?

    /// Reads the header fields of a request.
    init(_ fields: HTTPFields) throws(ReceiverError) {
        guard let encoding = OTLPEncoding(fields) else {
            let sent = fields[.contentType].map { "is not served" + Self.quoted($0) } ?? "is missing"
            throw ReceiverError(
                code: .unsupported,
                message: "Content-Type \(sent); use application/x-protobuf or application/json",
                field: "Content-Type"
            )
        }
        self.encoding = encoding
        compression = try Self.compression(fields)
        project = try ProjectName.checked(fields[values: .skeinProject])
    }

    private static func compression(_ fields: HTTPFields) throws(ReceiverError) -> BodyCompression {
        guard let sent = fields[.contentEncoding] else { return .identity }
        let name = sent.trimmedLowercase
        if name.isEmpty { return .identity }
        guard let compression = BodyCompression(rawValue: name == "x-gzip" ? "gzip" : name) else {
            throw ReceiverError(
                code: .unsupported,
                message: "Content-Encoding is not served\(quoted(sent)); use gzip, deflate or none",
                field: "Content-Encoding"
            )
        }
        return compression
    }

    /// A short, printable form for messages; header fields of this kind hold no secrets.
    private static func quoted(_ value: String) -> String {
        let short = value.unicodeScalars.prefix(64).filter { (0x20..<0x7F).contains($0.value) }
        return " (\"\(String(String.UnicodeScalarView(short)))\")"
    }
}

extension OTLPEncoding {
    /// The encoding that a request's `Content-Type` names; nil when it is another, or missing.
    ///
    /// Parameters are ignored, case does not matter. `application/protobuf` and `application/vnd.google.protobuf` are
    /// not in the specification, but clients send them.
    init?(_ fields: HTTPFields) {
        guard let type = fields[.contentType] else { return nil }
        switch type.prefix(while: { $0 != ";" }).trimmedLowercase {
        case "application/x-protobuf", "application/protobuf", "application/vnd.google.protobuf": self = .protobuf
        case "application/json": self = .json
        default: return nil
        }
    }
}

extension HTTPField.Name {
    /// `X-Skein-Project`: the project that the spans belong to.
    static var skeinProject: HTTPField.Name { known("x-skein-project") }
    /// Asks what became of an export, and says so in the answer.
    static var skeinReceipt: HTTPField.Name { known("x-skein-receipt") }
    /// `Retry-After`, which the library does not name.
    static var retryAfterSeconds: HTTPField.Name { known("retry-after") }

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is a valid field name") }
        return name
    }
}

extension StringProtocol {
    fileprivate var trimmedLowercase: String {
        let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let body = drop(while: blank)
        let end = body.lastIndex { !blank($0) }.map { body.index(after: $0) } ?? body.startIndex
        return body[..<end].lowercased()
    }
}
