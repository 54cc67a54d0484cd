// ScannedRequest.swift - the scanner's result with Swift's memory rules.

import COTLP

/// A request that went through the scanner.
final class ScannedRequest {
    let bytes: [UInt8]
    private var scan = cotlp_scan()

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // The bytes are lent without room behind them, as a receiver's buffer would be.
        _ = bytes.withUnsafeBufferPointer { cotlp_scan_request($0.baseAddress, $0.count, &scan) }
    }

    deinit {
        cotlp_scan_free(&scan)
    }

    var fault: cotlp_fault { scan.fault }
    var faultOffset: Int { scan.fault_offset }
    var spans: UnsafeBufferPointer<cotlp_span> { UnsafeBufferPointer(start: scan.spans, count: scan.span_count) }
    var resources: [[UInt8]] { envelopes(UnsafeBufferPointer(start: scan.resources, count: scan.resource_count)) }
    var scopes: [[UInt8]] { envelopes(UnsafeBufferPointer(start: scan.scopes, count: scan.scope_count)) }

    /// Spans refused, by fault.
    var rejected: [UInt64] {
        withUnsafeBytes(of: scan.rejected) { Array($0.bindMemory(to: UInt64.self)) }
    }

    func rejected(_ fault: cotlp_fault) -> UInt64 {
        rejected[Int(fault.rawValue)]
    }

    func bytes(of span: cotlp_span) -> ArraySlice<UInt8> {
        bytes[Int(span.offset)..<Int(span.offset) + Int(span.length)]
    }

    private func envelopes(_ entries: UnsafeBufferPointer<cotlp_envelope>) -> [[UInt8]] {
        let all = UnsafeBufferPointer(start: scan.envelopes, count: scan.envelopes_length)
        return entries.map { Array(all[Int($0.offset)..<Int($0.offset) + Int($0.length)]) }
    }
}

/// Whether protobuf-c decodes all that the scanner accepted, each within the memory that the scanner promised.
func decodes(_ request: ScannedRequest) -> Bool {
    guard let arena = cotlp_arena_new(0) else { return false }
    defer { cotlp_arena_free(arena) }
    func unpacks<Message>(
        _ bytes: some Collection<UInt8>,
        _ unpack: (UnsafeMutablePointer<ProtobufCAllocator>?, Int, UnsafePointer<UInt8>?) -> UnsafeMutablePointer<
            Message
        >?
    ) -> Bool {
        cotlp_arena_reset(arena, bytes.count * COTLP_DECODE_FACTOR + COTLP_DECODE_BASE)
        return Array(bytes).withUnsafeBufferPointer {
            unpack(cotlp_arena_allocator(arena), $0.count, $0.baseAddress) != nil
        }
    }
    return request.spans.allSatisfy { unpacks(request.bytes(of: $0), opentelemetry__proto__trace__v1__span__unpack) }
        && request.resources.allSatisfy { unpacks($0, opentelemetry__proto__trace__v1__resource_spans__unpack) }
        && request.scopes.allSatisfy { unpacks($0, opentelemetry__proto__trace__v1__scope_spans__unpack) }
}
