// FuzzTarget.swift - the ways of foreign bytes into the program, one case each.

/// A way of foreign bytes into the program.
enum FuzzTarget: String, CaseIterable, Sendable {
    /// A body of OTLP/protobuf: found, extracted, assembled, stored as a part, and rendered.
    case protobuf
    /// A body of OTLP/JSON.
    case json
    /// A compressed body.
    case gzip
    /// The frames of a gRPC call.
    case grpc
    /// A stored part.
    case parts
    /// The query of a URL, its cursors, and header fields.
    case query
    /// A connection to the HTTP port.
    case http

    /// Feeds one input through.
    ///
    /// - Throws: `FuzzFinding` when a promise is broken. What is worse ends the process.
    func feed(_ input: UnsafeRawBufferPointer) throws(FuzzFinding) {
        switch self {
        case .protobuf: try ProtobufFuzz.feed(input)
        case .json: try JSONFuzz.feed(input)
        case .gzip: try GzipFuzz.feed(input)
        case .grpc: try GRPCFuzz.feed(input)
        case .parts: try PartsFuzz.feed(input)
        case .query: try QueryFuzz.feed(input)
        case .http: try HTTPFuzz.feed(input)
        }
    }
}

/// A promise that an input broke.
struct FuzzFinding: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// Throws unless the promise was kept.
    static func unless(_ isKept: Bool, _ promise: @autoclosure () -> String) throws(FuzzFinding) {
        guard isKept else { throw FuzzFinding(promise()) }
    }
}

/// Cuts an input into the values that a target needs; what is missing at the end is zero or empty.
struct FuzzInput {
    private(set) var rest: Slice<UnsafeRawBufferPointer>

    init(_ input: UnsafeRawBufferPointer) {
        rest = input[...]
    }

    /// The next byte.
    mutating func byte() -> UInt8 {
        rest.popFirst() ?? 0
    }

    /// The next eight bytes as a number.
    mutating func number() -> UInt64 {
        (0..<8).reduce(0) { number, _ in number << 8 | UInt64(byte()) }
    }

    /// So many bytes, or what is left.
    mutating func bytes(_ count: Int) -> [UInt8] {
        let taken = Array(rest.prefix(count))
        rest = rest.dropFirst(count)
        return taken
    }

    /// Everything up to the next line break, which is taken too.
    mutating func line() -> [UInt8] {
        let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
        let line = Array(rest[..<end])
        rest = rest[end...].dropFirst()
        return line
    }
}
