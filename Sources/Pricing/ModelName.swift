// ModelName.swift - the names under which a model may be known.

/// Which of the steps from a model name to a price was taken; the numbers are those of docs/prices.md.
public enum MatchStep: Int, Sendable, CaseIterable {
    /// The name as it is, in lower case and trimmed.
    case asIs = 2
    /// Without a path such as `models/` or `projects/.../models/`.
    case path = 3
    /// Without the provider before it, such as `openai/`.
    case providerPrefix = 4
    /// Without what Bedrock puts around names.
    case bedrock = 5
    /// Without what follows an `@`.
    case version = 6
    /// With its date written otherwise, or without it.
    case date = 7
    /// Without a suffix such as `-latest`.
    case suffix = 8
    /// With dots for dashes in its version, or dashes for dots.
    case separators = 9
    /// The model that a fine-tuned one was made from.
    case fineTune = 10
    /// The model that the configuration names for it.
    case sameAs = 11

    /// What the step does, in a few words.
    public var summary: String {
        switch self {
        case .asIs: "as it is"
        case .path: "without its path"
        case .providerPrefix: "without the provider before it"
        case .bedrock: "without the additions of Bedrock"
        case .version: "without what follows @"
        case .date: "with another date, or none"
        case .suffix: "without its suffix"
        case .separators: "with dots for dashes, or dashes for dots"
        case .fineTune: "base of a fine-tuned model"
        case .sameAs: "same_as of the configuration"
        }
    }
}

/// A model name and what it becomes step by step; from the name as it is to ever less of it.
struct ModelName {
    /// Longer names have no price: no provider has such names, and each costs time.
    static let longest = 512
    /// More forms than any real name has.
    private static let mostForms = 96

    /// One form of the name.
    struct Form {
        /// In lower case.
        let bytes: [UInt8]
        let step: MatchStep
        /// Whether `-fast` was taken away, which stands for dearer prices of the same model.
        var isFast = false
        /// Whether this is only the base of what was called.
        var isBase = false
    }

    /// The forms in the order in which they are to be tried.
    private(set) var forms: [Form] = []
    /// Provider names that stand before the name, from left to right.
    private(set) var prefixes: [String] = []

    private let aliases: [String: Int]
    private var known: Set<[UInt8]> = []

    /// Takes a name through every step.
    ///
    /// - Parameters:
    ///   - text: the name as a span has it.
    ///   - aliases: the names of providers, in lower case.
    init(_ text: String, aliases: [String: Int]) {
        self.aliases = aliases
        guard text.utf8.count <= 2 * Self.longest else { return }
        let name = Self.normalized(text)
        guard !name.isEmpty, name.count <= Self.longest else { return }
        takeSteps(name, asBase: false)
        takeFineTune()
    }

    /// A text in lower case, without space around it.
    static func normalized(_ text: String) -> [UInt8] {
        var bytes = text.utf8.map(\.asciiLowercased)[...]
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        return Array(bytes.drop { $0 <= 0x20 })
    }

    private mutating func takeSteps(_ name: [UInt8], asBase: Bool) {
        let first = forms.count
        add(name, .asIs, asBase: asBase)
        derive(from: first, .path) { [NamePart.withoutPath($0)] }
        for _ in 0..<2 {
            takePrefixes(from: first)
            derive(from: first, .providerPrefix) { [NamePart.withoutPath($0)] }
        }
        derive(from: first, .bedrock) { NamePart.withoutBedrock($0) }
        derive(from: first, .version) { [NamePart.withoutVersion($0)] }
        derive(from: first, .date) { [NamePart.withOtherDate($0)] }
        derive(from: first, .date) { [NamePart.withoutDate($0)] }
        for _ in 0..<3 { takeSuffixes(from: first) }
        derive(from: first, .separators) { [NamePart.withDashes($0), NamePart.withDots($0)] }
    }

    private mutating func takePrefixes(from first: Int) {
        for form in forms[first...] {
            guard let (prefix, rest) = NamePart.splitPrefix(form.bytes) else { continue }
            let provider = prefix.text
            guard aliases[provider] != nil || LocalRuntime.names.contains(provider) else { continue }
            if !form.isBase, !prefixes.contains(provider) { prefixes.append(provider) }
            add(rest, .providerPrefix, asBase: form.isBase, isFast: form.isFast)
        }
    }

    private mutating func takeSuffixes(from first: Int) {
        for form in forms[first...] {
            guard let (name, isFast) = NamePart.withoutSuffix(form.bytes) else { continue }
            for name in [name, NamePart.withoutDate(name)] {
                guard let name else { continue }
                add(name, .suffix, asBase: form.isBase, isFast: form.isFast || isFast)
            }
        }
    }

    /// `ft:gpt-4o-mini-2024-07-18:org::id`: first the fine-tuned model without owner, then what it was made from.
    private mutating func takeFineTune() {
        for form in forms {
            guard let base = NamePart.fineTuneBase(form.bytes) else { continue }
            let tuned = Array("ft:".utf8) + base
            add(tuned, .fineTune, asBase: false)
            if let undated = NamePart.withoutDate(tuned) { add(undated, .fineTune, asBase: false) }
            takeSteps(base, asBase: true)
            return
        }
    }

    private mutating func derive(from first: Int, _ step: MatchStep, _ made: ([UInt8]) -> [[UInt8]?]) {
        for form in forms[first...] {
            for name in made(form.bytes) {
                guard let name else { continue }
                add(name, step, asBase: form.isBase, isFast: form.isFast)
            }
        }
    }

    private mutating func add(_ name: [UInt8], _ step: MatchStep, asBase: Bool, isFast: Bool = false) {
        guard !name.isEmpty, forms.count < Self.mostForms, known.insert(name).inserted else { return }
        forms.append(Form(bytes: name, step: asBase ? .fineTune : step, isFast: isFast, isBase: asBase))
    }
}

extension Sequence<UInt8> {
    /// The bytes as text.
    var text: String { String(decoding: Array(self), as: UTF8.self) }
}
