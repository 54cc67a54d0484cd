// ImportSource.swift - the bytes of a file or of standard input, plain or gzip.

import CGunzip
import Foundation
import TraceModel

/// Reads a file from its start to its end, a piece at a time; gzip is told by its first bytes.
final class ImportSource {
    /// Bytes read at a time.
    private static let piece = 256 << 10

    /// What messages call the file.
    let name: String
    private let handle: FileHandle
    private var packed: [UInt8] = []
    private var gunzip: OpaquePointer?
    private var isAtStart = true
    /// Whether the last gzip member has ended.
    private var isWhole = true

    /// Opens a file; `-` is standard input.
    init(_ path: String) throws(ImportError) {
        if path == "-" {
            name = "standard input"
            handle = .standardInput
            return
        }
        name = path
        guard let opened = FileHandle(forReadingAtPath: path) else {
            throw .invalid("\(path): cannot be opened: \(String(cString: strerror(errno)))")
        }
        handle = opened
    }

    deinit {
        skein_gunzip_free(gunzip)
    }

    /// The next bytes, never empty; nil at the end.
    func next() throws(ImportError) -> [UInt8]? {
        if isAtStart { try begin() }
        guard gunzip != nil else {
            if !packed.isEmpty {
                defer { packed = [] }
                return packed
            }
            let piece = try read()
            return piece.isEmpty ? nil : piece
        }
        return try inflated()
    }

    /// Looks whether this is gzip, for which two bytes are enough.
    private func begin() throws(ImportError) {
        isAtStart = false
        while packed.count < 2 {
            let piece = try read()
            if piece.isEmpty { return }
            packed += piece
        }
        guard packed[0] == 0x1F, packed[1] == 0x8B else { return }
        gunzip = skein_gunzip_new()
        guard gunzip != nil else { throw ImportError(code: .overloaded, message: "\(name): no memory to inflate it") }
        isWhole = false
    }

    private func read() throws(ImportError) -> [UInt8] {
        do {
            return try handle.read(upToCount: Self.piece).map { Array($0) } ?? []
        } catch {
            throw .invalid("\(name): cannot be read: \(error.localizedDescription)")
        }
    }

    private func inflated() throws(ImportError) -> [UInt8]? {
        while true {
            if packed.isEmpty {
                packed = try read()
                if packed.isEmpty {
                    guard isWhole else { throw .invalid("\(name): the gzip file is cut off") }
                    return nil
                }
            }
            var taken = 0
            var result: Int32 = 0
            let plain = [UInt8](unsafeUninitializedCapacity: Self.piece) { room, count in
                result = skein_gunzip_next(gunzip, packed, packed.count, &taken, room.baseAddress, room.count, &count)
            }
            // Zeros behind the last member fill up a tape or a block.
            if result < 0, isWhole, packed.allSatisfy({ $0 == 0 }) {
                packed = []
                continue
            }
            guard result >= 0 else { throw .invalid("\(name): the gzip file is damaged") }
            if taken > 0 || !plain.isEmpty { isWhole = result == 1 }
            packed.removeFirst(taken)
            if !plain.isEmpty { return plain }
        }
    }
}
