// JSONFuzz.swift - a body of OTLP/JSON.

import COTLP
import OTLPCodec
import TraceModel

/// Transcodes a body; what comes out is protobuf, and goes on as such.
enum JSONFuzz {
    static func feed(_ input: UnsafeRawBufferPointer) throws(FuzzFinding) {
        let copy = BatchStorage(copying: input)
        try LogFuzz.check(json: copy)
        let message: BatchStorage
        do throws(OTLPCodecError) {
            message = try JSONTranscoder.transcode(copy.bytes, limit: 1 << 20)
        } catch {
            return
        }
        try FuzzFinding.unless(message.bytes.count <= 1 << 20, "a message of \(message.bytes.count) bytes")
        try checkFraming(message)
        // Of its own allocation, so that a read behind it is noticed.
        let exact = BatchStorage(copying: message.bytes)
        let decoded: DecodedRequest
        do throws(OTLPCodecError) {
            decoded = try ExportRequestDecoder().decode(exact, project: nil)
        } catch {
            return try FuzzFinding.unless(error.code == .invalid, "a transcoded body is refused: \(error.message)")
        }
        try ProtobufFuzz.check(decoded)
    }

    /// What was transcoded may be too deep, too costly or without good ids, but never malformed.
    private static func checkFraming(_ message: BatchStorage) throws(FuzzFinding) {
        var scan = cotlp_scan()
        defer { cotlp_scan_free(&scan) }
        let start = message.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let fault = cotlp_scan_request(start, message.bytes.count, &scan)
        try FuzzFinding.unless(
            [COTLP_FINE, COTLP_TOO_DEEP, COTLP_TOO_COSTLY].contains(fault),
            "a transcoded body has fault \(fault.rawValue) at byte \(scan.fault_offset)"
        )
        let malformed = withUnsafeBytes(of: &scan.rejected) { rejected in
            let counts = rejected.bindMemory(to: UInt64.self)
            return counts[Int(COTLP_MALFORMED.rawValue)] + counts[Int(COTLP_BAD_UTF8.rawValue)]
        }
        try FuzzFinding.unless(malformed == 0, "a transcoded body has malformed spans")
    }
}
