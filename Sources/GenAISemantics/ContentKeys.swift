// ContentKeys.swift - which attributes hold content, by their keys.

/// What an attribute holds, as far as content is concerned.
public enum AttributeKind: Sendable {
    /// Messages, instructions, tool definitions, arguments, results, documents, embeddings.
    case content
    /// A name or an identifier that spans are read by; their readers look at its first 256 bytes.
    case name
    /// JSON with usage, costs or settings.
    case numbers
    /// Content in which usage stands, such as the whole answer of a provider.
    case answer
    /// Content in which the facts of a provider's answer may stand (`AnswerFacts`).
    case facts
    /// Anything else.
    case other
}

/// Tells by the key whether an attribute holds content: the tables of all dialects, arranged for look-up.
public struct ContentKeys: Sendable {
    /// The dialects that the product knows.
    public static let standard = ContentKeys(Dialect.all)

    private let keys: ByteKeyTable
    private let kinds: [AttributeKind]
    private let families: ByteKeyTable
    /// The parts that each family keeps.
    private let kept: [ByteKeyTable]
    private let forms: [KeyForm]

    init(_ dialects: [Dialect]) {
        var table = Table()
        for dialect in dialects {
            for key in dialect.numbers { table.add("\(key)", .numbers) }
            for name in dialect.objects where name.standing == .lastOnCalls {
                table.add("\(name.key)", name.isAnswer ? .facts : .answer)
            }
            for name in dialect.content { table.add(name) }
        }
        // What is read from spans stays even where a family would take it.
        for dialect in dialects {
            for key in dialect.names.map(\.key) + dialect.kinds.map(\.key) + dialect.marks.map({ "\($0.key)" }) {
                table.add(key, .name)
            }
        }
        table.add("exception.type", .name)
        keys = ByteKeyTable(table.keys)
        kinds = table.kinds
        families = ByteKeyTable(table.families)
        kept = table.kept
        forms = table.forms
    }

    /// What the attribute of a key holds.
    ///
    /// - Parameter key: The bytes of the key.
    /// - Returns: What the tables say; `other` for a key that they do not know.
    public func kind(of key: UnsafeRawBufferPointer) -> AttributeKind {
        guard let base = key.baseAddress else { return .other }
        let bytes = UnsafeBufferPointer(start: base.assumingMemoryBound(to: UInt8.self), count: key.count)
        if let number = keys.number(of: bytes) { return kinds[number] }
        if let kind = kindInFamily(bytes) { return kind }
        return forms.contains { $0.matches(key) } ? .content : .other
    }

    /// What the family says whose name is the longest beginning of the key.
    private func kindInFamily(_ key: UnsafeBufferPointer<UInt8>) -> AttributeKind? {
        var leaf: Int?
        for place in key.indices.reversed() where key[place] == UInt8(ascii: ".") {
            leaf = leaf ?? place + 1
            guard let number = families.number(of: UnsafeBufferPointer(rebasing: key[..<place])) else { continue }
            let part = UnsafeBufferPointer(rebasing: key[(leaf ?? 0)...])
            return kept[number].number(of: part) == nil ? .content : .other
        }
        return nil
    }
}

/// The tables while they are built: of a key that several dialects name the first counts.
private struct Table {
    private(set) var keys: [String] = []
    private(set) var kinds: [AttributeKind] = []
    private(set) var families: [StaticString] = []
    private(set) var kept: [ByteKeyTable] = []
    private(set) var forms: [KeyForm] = []
    private var known: Set<String> = []

    mutating func add(_ key: String, _ kind: AttributeKind) {
        guard known.insert(key).inserted else { return }
        keys.append(key)
        kinds.append(kind)
    }

    mutating func add(_ name: ContentName) {
        switch name {
        case .key(let key): add("\(key)", .content)
        case .form(let form): forms.append(KeyForm("\(form)"))
        case .family(let key, let keeping):
            add("\(key)", .content)
            families.append(key)
            kept.append(ByteKeyTable(keeping))
        }
    }
}

/// A key with `*` for any bytes.
public struct KeyForm: Sendable, Equatable {
    private let pieces: [[UInt8]]

    /// Makes a form of its text.
    ///
    /// - Parameter text: A key, in which `*` stands for any bytes, none included.
    public init(_ text: String) {
        pieces = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
    }

    /// Whether a key has this form; takes at most the length of the key times that of the form.
    ///
    /// - Parameter key: The bytes of the key.
    /// - Returns: Whether the whole key has it.
    public func matches(_ key: UnsafeRawBufferPointer) -> Bool {
        guard let first = pieces.first, let last = pieces.last else { return false }
        guard pieces.count > 1 else { return key.elementsEqual(first) }
        guard key.count >= first.count + last.count, key.starts(with: first), key.suffix(last.count).elementsEqual(last)
        else { return false }
        let end = key.count - last.count
        var place = first.count
        for piece in pieces[1..<(pieces.count - 1)] {
            guard let found = Self.find(piece, in: key, from: place, until: end) else { return false }
            place = found + piece.count
        }
        return true
    }

    private static func find(_ piece: [UInt8], in key: UnsafeRawBufferPointer, from start: Int, until end: Int) -> Int?
    {
        guard end - start >= piece.count else { return nil }
        return (start...end - piece.count).first { key[$0..<$0 + piece.count].elementsEqual(piece) }
    }
}
