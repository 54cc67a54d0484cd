// SpanMasking.swift - masks a batch before anything else looks at it.

import COTLP
import NIOConcurrencyHelpers
import OTLPCodec
import TraceModel

/// Masks values of spans, resources and scopes before extraction, so that nothing behind it ever sees them.
///
/// Safe to use from several tasks at once.
public struct SpanMasking: Sendable {
    /// Policies that are kept for the next batch, with what their patterns learned.
    private static let mostPooled = 4
    /// What changed spans may come to, beside twice the request.
    private static let spareBytes = 1 << 20

    private let rules: CompiledRules
    private let pool = NIOLockedValueBox<[PooledRules]>([])

    /// Makes a masking; nil when there is nothing to mask, so that spans need not be looked at.
    ///
    /// - Parameters:
    ///   - rules: Of the configuration, the first one first; at most one of those for attributes acts on an attribute.
    ///   - keepsContent: Whether messages, arguments, results and documents are stored.
    /// - Throws: `RedactionError` when a rule cannot be used.
    public init?(rules: [RedactionRule], keepsContent: Bool) throws(RedactionError) {
        if rules.isEmpty, keepsContent { return nil }
        for (place, rule) in rules.enumerated() {
            guard let problem = rule.problem else { continue }
            throw RedactionError(message: "\(rule.label(at: place)): \(problem)")
        }
        do throws(PatternError) {
            self.rules = try CompiledRules(rules, keepsContent: keepsContent)
        } catch {
            throw RedactionError(message: "a pattern \(error.message)")
        }
    }

    /// Bytes of memory that masking a batch may take in addition to the batch.
    func workingBytes(of batch: SpanBatch) -> Int {
        batch.storage.bytes.count
    }

    /// Masks a batch.
    ///
    /// - Parameter batch: Its spans have passed the scanner; nothing is extracted yet.
    /// - Returns: The batch to store. A batch in which nothing changed is the same one.
    func mask(_ batch: SpanBatch) -> MaskedBatch {
        let policy = pool.withLockedValue { $0.popLast() }?.rules ?? MaskingRules(rules)
        let result = BatchMasking(batch, policy).run()
        pool.withLockedValue { pool in
            if pool.count < Self.mostPooled { pool.append(PooledRules(rules: policy)) }
        }
        return result
    }

    /// Masks a batch and tells what each rule did.
    func trial(of batch: SpanBatch) -> (masked: MaskedBatch, changes: [Int], contentRemoved: Int) {
        let policy = MaskingRules(rules)
        let masked = BatchMasking(batch, policy).run()
        return (masked, policy.changes, policy.contentRemoved)
    }

    /// What changed spans of a batch may come to together.
    fileprivate static func limit(of batch: SpanBatch) -> Int {
        let size = batch.storage.bytes.count
        return min(2 * size + spareBytes, Int(UInt32.max) - size)
    }
}

/// A rule that cannot be used.
public struct RedactionError: Error, Equatable {
    /// Which rule, and what is wrong with it.
    public let message: String
}

/// What masking made of a batch.
struct MaskedBatch {
    /// Without the spans that were refused.
    var batch: SpanBatch
    /// The spans that could not be masked, and so are not stored.
    var refused = RejectedSpans.none
    /// Spans that are stored otherwise than they came, themselves or in their resource or scope.
    var changed = 0
}

/// Unchecked: not `Sendable` in itself, but only one task has it at a time, which took it out of the pool.
private struct PooledRules: @unchecked Sendable {
    let rules: MaskingRules
}

/// The masking of one batch.
private struct BatchMasking {
    private let policy: MaskingRules
    private let mask: WireMask
    private var batch: SpanBatch
    private let sentBytes: UInt32
    private var changed = 0
    private var reasons: [String: Int] = [:]
    /// Why no span below a resource or scope may be stored, by its place.
    private var failedResources: [Int: String] = [:]
    private var failedScopes: [Int: String] = [:]
    private var changedResources: Set<Int> = []
    private var changedScopes: Set<Int> = []
    private var refused: Set<Int> = []

    init(_ batch: SpanBatch, _ policy: MaskingRules) {
        self.batch = batch
        self.policy = policy
        sentBytes = UInt32(batch.storage.bytes.count)
        mask = WireMask(policy: policy, limit: SpanMasking.limit(of: batch))
    }

    consuming func run() -> MaskedBatch {
        maskEnvelopes()
        for place in batch.spans.indices { maskSpan(at: place) }
        let output = mask.takeOutput()
        if !output.bytes.isEmpty { batch.rewritten = output }
        if !refused.isEmpty { dropRefused() }
        let total = reasons.values.reduce(0, +)
        let items = batch.kind == .spans ? "spans" : "log records"
        let words = reasons.sorted { $0.key < $1.key }.map { "\($0.value) that \($0.key)" }
        let message = total == 0 ? "" : "\(total) \(items) refused by masking: \(words.joined(separator: ", "))"
        return MaskedBatch(batch: batch, refused: RejectedSpans(count: total, message: message), changed: changed)
    }

    private mutating func maskEnvelopes() {
        for place in batch.resources.indices {
            do throws(MaskFailure) {
                guard let bytes = try mask.mask(resourceSpans: batch.resources[place].bytes) else { continue }
                batch.resources[place] = SpanEnvelope(hashing: bytes)
                changedResources.insert(place)
            } catch {
                failedResources[place] = error.reason
            }
        }
        for place in batch.scopes.indices {
            do throws(MaskFailure) {
                guard let bytes = try mask.mask(scopeSpans: batch.scopes[place].bytes) else { continue }
                batch.scopes[place] = SpanEnvelope(hashing: bytes)
                changedScopes.insert(place)
            } catch {
                failedScopes[place] = error.reason
            }
        }
    }

    private mutating func maskSpan(at place: Int) {
        let slice = batch.spans[place]
        let resource = Int(slice.resource), scope = Int(slice.scope)
        if let reason = failedResources[resource] ?? failedScopes[scope] { return refuse(place, reason) }
        do throws(MaskFailure) {
            guard let range = try masked(batch.bytes(of: slice)) else {
                if changedResources.contains(resource) || changedScopes.contains(scope) { changed += 1 }
                return
            }
            batch.spans[place].offset = sentBytes + UInt32(range.lowerBound)
            batch.spans[place].length = UInt32(range.count)
            changed += 1
        } catch {
            refuse(place, error.reason)
        }
    }

    private func masked(_ bytes: UnsafeRawBufferPointer) throws(MaskFailure) -> Range<Int>? {
        switch batch.kind {
        case .spans: try mask.mask(span: bytes)
        case .logRecords: try mask.mask(logRecord: bytes)
        }
    }

    private mutating func refuse(_ place: Int, _ reason: String) {
        refused.insert(place)
        reasons[reason, default: 0] += 1
    }

    private mutating func dropRefused() {
        var spans: [SpanSlice] = []
        var groups: [TraceGroup] = []
        for var group in batch.groups {
            let first = spans.count
            for place in group.spans where !refused.contains(place) { spans.append(batch.spans[place]) }
            guard spans.count > first else { continue }
            group.spans = first..<spans.count
            groups.append(group)
        }
        batch.spans = spans
        batch.groups = groups
    }
}

extension SpanEnvelope {
    /// An envelope of new bytes.
    fileprivate init(hashing bytes: [UInt8]) {
        self.init(bytes: bytes, fingerprint: bytes.withUnsafeBytes { cotlp_hash64($0.baseAddress, $0.count, 0) })
    }
}
