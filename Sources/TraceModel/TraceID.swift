// TraceID.swift - identifiers of traces and spans.

/// The identifier of a trace.
///
/// 16 bytes, never all zero (OTLP 1.x, `Span.trace_id`). Lower-case hex only at the edge.
public struct TraceID: Hashable, Sendable, Comparable {
    /// The first eight bytes, read big-endian.
    public let high: UInt64
    /// The last eight bytes, read big-endian.
    public let low: UInt64

    /// Makes an id from its two halves; the caller has checked that not both are zero.
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads 32 hex digits of any case, with or without the dashes of the UUID form.
    ///
    /// - Parameter hex: The text; anything but 32 hex digits and dashes, or all zeros, gives nil.
    public init?(hex: some StringProtocol) {
        var halves: (UInt64, UInt64) = (0, 0)
        var digits = 0
        for byte in hex.utf8 where byte != UInt8(ascii: "-") {
            guard digits < 32, let nibble = byte.hexDigit else { return nil }
            if digits < 16 {
                halves.0 = halves.0 << 4 | UInt64(nibble)
            } else {
                halves.1 = halves.1 << 4 | UInt64(nibble)
            }
            digits += 1
        }
        guard digits == 32, halves.0 | halves.1 != 0 else { return nil }
        self.init(high: halves.0, low: halves.1)
    }

    /// 32 lower-case hex digits.
    public var hex: String {
        high.paddedHex + low.paddedHex
    }

    /// Whether it is a trace: log records without one have all zeros here.
    @inlinable public var isSet: Bool { high | low != 0 }

    /// The 16 bytes as they stand on the wire.
    public var bytes: [UInt8] {
        high.bigEndianBytes + low.bigEndianBytes
    }

    /// Reads 16 bytes; nil for another length or all zeros.
    @inlinable
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        let high = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let low = bytes.dropFirst(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard high | low != 0 else { return nil }
        self.init(high: high, low: low)
    }

    /// Orders by the bytes, first byte first.
    @inlinable
    public static func < (left: TraceID, right: TraceID) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}

/// The identifier of a span within its trace.
///
/// 8 bytes (OTLP 1.x, `Span.span_id`); all zero never names a span and stands for "none" here.
public struct SpanID: Hashable, Sendable, Comparable {
    /// The eight bytes, read big-endian.
    public let value: UInt64

    /// Makes an id from its eight bytes, read big-endian.
    @inlinable
    public init(_ value: UInt64) {
        self.value = value
    }

    /// No span: the parent of a root.
    public static let none = SpanID(0)

    /// Whether this names no span.
    @inlinable public var isNone: Bool { value == 0 }

    /// Reads 16 hex digits of any case; nil for anything else or all zeros.
    public init?(hex: some StringProtocol) {
        var value: UInt64 = 0
        var digits = 0
        for byte in hex.utf8 {
            guard digits < 16, let nibble = byte.hexDigit else { return nil }
            value = value << 4 | UInt64(nibble)
            digits += 1
        }
        guard digits == 16, value != 0 else { return nil }
        self.init(value)
    }

    /// 16 lower-case hex digits.
    public var hex: String {
        value.paddedHex
    }

    /// Orders by the bytes, first byte first.
    @inlinable
    public static func < (left: SpanID, right: SpanID) -> Bool {
        left.value < right.value
    }
}

extension UInt8 {
    fileprivate var hexDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension UInt64 {
    fileprivate var paddedHex: String {
        let text = String(self, radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }

    fileprivate var bigEndianBytes: [UInt8] {
        withUnsafeBytes(of: bigEndian) { Array($0) }
    }
}
