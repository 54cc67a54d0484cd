// WebFile.swift - one file of the page, in the forms in which it is sent.

import CAssets
import CDeflate
import Crypto
import NIOConcurrencyHelpers
import NIOCore
import TraceModel

/// A file of the web page, plain and compressed.
struct WebFile: Sendable {
    /// Where it is, such as `js/dom.js`; of a document the page, such as `/traces/:trace_id`.
    let path: String
    let contentType: String
    let plain: Form
    private let compressed = CompressedForm()

    /// Nil where compression does not make it smaller.
    var gzip: Form? { compressed.form(of: plain) }

    /// The bytes of a representation, and its strong entity tag (RFC 9110, section 8.8.3): each form has its own.
    struct Form: Sendable {
        let bytes: ByteBuffer
        let tag: String
    }

    /// The files that are part of the binary.
    static func embedded() -> [WebFile] {
        var count = 0
        let files = UnsafeBufferPointer(start: skein_web_files(&count), count: count)
        return files.map { file in
            WebFile(
                path: String(cString: file.path),
                contentType: String(cString: file.type),
                bytes: UnsafeRawBufferPointer(start: file.bytes, count: file.size)
            )
        }
    }

    init(path: String, contentType: String, bytes: UnsafeRawBufferPointer) {
        self.path = path
        self.contentType = contentType
        let digest = Self.digest(bytes)
        plain = Form(bytes: ByteBuffer(bytes: bytes), tag: "\"\(digest)\"")
    }

    /// Another one when a path or a byte of any file is another.
    static func digest(of files: [WebFile]) -> String {
        let lines = files.map { "\($0.path) \($0.plain.tag)\n" }.sorted().joined()
        return Array(lines.utf8).withUnsafeBytes(digest)
    }

    private static func digest(_ bytes: UnsafeRawBufferPointer) -> String {
        SHA256.hash(data: bytes).prefix(16).hexText
    }
}

/// The compressed form of a file, made when it is first asked for: a server starts without the time that all take.
private final class CompressedForm: Sendable {
    private enum State {
        case unknown
        case known(WebFile.Form?)
    }

    private let state = NIOLockedValueBox(State.unknown)

    func form(of plain: WebFile.Form) -> WebFile.Form? {
        state.withLockedValue { state in
            if case .known(let form) = state { return form }
            let form = plain.bytes.withUnsafeReadableBytes(Self.gzip).map { bytes in
                WebFile.Form(bytes: bytes, tag: plain.tag.dropLast() + "-gzip\"")
            }
            state = .known(form)
            return form
        }
    }

    /// Nil when it gets no smaller by that.
    private static func gzip(_ bytes: UnsafeRawBufferPointer) -> ByteBuffer? {
        let best: Int32 = 12
        guard bytes.count > 0, let compressor = libdeflate_alloc_compressor(best) else { return nil }
        defer { libdeflate_free_compressor(compressor) }
        var buffer = ByteBuffer()
        let written = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: bytes.count) { room in
            libdeflate_gzip_compress(compressor, bytes.baseAddress, bytes.count, room.baseAddress, bytes.count)
        }
        return written > 0 ? buffer : nil
    }
}
