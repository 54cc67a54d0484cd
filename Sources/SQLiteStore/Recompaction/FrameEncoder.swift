// FrameEncoder.swift - many bytes of one project to one frame, slowly.

import TraceStore

/// Compresses at a higher level than on arrival.
///
/// Level 12: see docs/architecture.md. What dictionaries are digested to is 26 MB each, so that only the last ones are kept,
/// and none while there is nothing to do.
struct FrameEncoder {
    private static let level: Int32 = 12
    private static let mostDigested = 2

    let codec: ZstdCodec
    let book: DictionaryBook
    private var digested: [Int64: ZstdCompressionDictionary] = [:]
    private var scratch: [UInt8] = []

    init(codec: ZstdCodec, book: DictionaryBook) {
        self.codec = codec
        self.book = book
    }

    /// The frame; nil when it would not be smaller.
    ///
    /// A trained dictionary is content: what has none is compressed with the shipped one.
    mutating func encode(
        _ plain: [UInt8],
        of project: String,
        isContentKept: Bool
    ) throws(StoreError) -> (dictionary: Int64, bytes: [UInt8])? {
        let known = isContentKept ? book.dictionary(for: project) : book.shipped
        let dictionary = digest(known)
        if scratch.count < plain.count { scratch = [UInt8](repeating: 0, count: plain.count) }
        let result: Result<Int?, StoreError> = plain.withUnsafeBytes { from in
            scratch.withUnsafeMutableBytes { into in
                do throws(StoreError) {
                    return .success(try codec.compress(from, into: into, with: dictionary))
                } catch {
                    return .failure(error)
                }
            }
        }
        return try result.get().map { (known.id, Array(scratch[..<$0])) }
    }

    /// Lets go of what takes memory.
    mutating func forget() {
        digested = [:]
        scratch = []
    }

    private mutating func digest(_ dictionary: NumberedDictionary) -> ZstdCompressionDictionary {
        if let known = digested[dictionary.id] { return known }
        let made = ZstdCompressionDictionary(dictionary.dictionary.content, level: Self.level)
        if digested.count >= Self.mostDigested { digested = [:] }
        digested[dictionary.id] = made
        return made
    }
}
