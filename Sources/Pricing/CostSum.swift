// CostSum.swift - charges what a call used.

import TraceModel

/// The prices that hold for one call.
struct CallRates {
    private let kinds: UInt32
    private let amounts: UnsafePointer<Int64>

    /// Takes the prices of a set; the amounts are those of the table and outlive this.
    @inline(__always)
    init(_ rates: RateSet, in amounts: UnsafePointer<Int64>) {
        kinds = rates.kinds
        self.amounts = amounts + Int(rates.start)
    }

    /// Whether the kind has a price of its own.
    @inline(__always)
    func has(_ kind: PriceKind) -> Bool { kinds & kind.bit != 0 }

    /// The price of a kind that has one.
    @inline(__always)
    func price(_ kind: PriceKind) -> Int64 { amounts[(kinds & (kind.bit - 1)).nonzeroBitCount] }
}

/// A cost while it is summed.
///
/// 128 bits hold every sum: counts are below 2^63 and prices at most 10^15 for tokens and 10^18 for the few others.
struct CostSum {
    private let rates: CallRates
    private var total: Int128 = 0
    /// What it consists of; nil when nobody asks, so that nothing is allocated.
    private(set) var parts: [CostPart]?
    private(set) var isCharged = false
    private(set) var flags: CostFlags = []

    @inline(__always)
    init(_ rates: CallRates, isListed: Bool) {
        self.rates = rates
        parts = isListed ? [] : nil
    }

    /// The sum, at the limit of the range instead of beyond it.
    @inline(__always)
    var amount: PicoUSD { PicoUSD(Int64(clamping: total)) }

    /// Charges everything.
    @inline(__always)
    mutating func charge(_ usage: PricedUsage) {
        chargeInput(usage)
        chargeOutput(usage)
        if rates.has(.perRequest) { charge(.perRequest, count(usage.requests)) }
        charge(.perWebSearch, count(usage.webSearches))
        charge(.perFileSearch, count(usage.fileSearches))
        if total > Int128(Int64.max) { flags.insert(.saturated) }
    }

    private mutating func chargeInput(_ usage: PricedUsage) {
        var rest = count(usage.input)
        let cachedAudio = count(usage.cacheReadAudio)
        let cachedImage = count(usage.cacheReadImage)
        var cacheRead = usage.cacheRead.map { count($0) } ?? cachedAudio + cachedImage
        var audio = usage.inputAudio.map { count($0) } ?? cachedAudio
        var image = usage.inputImage.map { count($0) } ?? cachedImage
        takeCached(.cacheReadAudio, cachedAudio, of: &audio, &cacheRead, from: &rest)
        takeCached(.cacheReadImage, cachedImage, of: &image, &cacheRead, from: &rest)
        take(.cacheRead, remainder(cacheRead), from: &rest)
        takeCacheWrites(usage, from: &rest)
        take(.inputAudio, remainder(audio), from: &rest)
        take(.inputImage, remainder(image), from: &rest)
        take(.inputVideo, count(usage.inputVideo), from: &rest)
        if usage.input != nil {
            charge(.input, remainder(rest))
        } else if rates.has(.input) {
            flags.insert(.incomplete)
        }
    }

    /// Cached tokens of one modality are part of two counts, and are charged once.
    @inline(__always)
    private mutating func takeCached(
        _ kind: PriceKind,
        _ count: Int128,
        of modality: inout Int128,
        _ cacheRead: inout Int128,
        from rest: inout Int128
    ) {
        guard count > 0 else { return }
        if rates.has(kind) {
            take(kind, count, from: &rest)
            cacheRead -= count
            modality -= count
        } else if rates.has(.cacheRead) {
            modality -= count
        }
    }

    @inline(__always)
    private mutating func takeCacheWrites(_ usage: PricedUsage, from rest: inout Int128) {
        let long = count(usage.cacheWrite1h)
        let all = usage.cacheWrite.map { count($0) } ?? long
        let short = remainder(all - long)
        if rates.has(.cacheWrite1h) {
            take(.cacheWrite5m, short, from: &rest)
            take(.cacheWrite1h, long, from: &rest)
        } else {
            take(.cacheWrite5m, short + long, from: &rest)
        }
    }

    private mutating func chargeOutput(_ usage: PricedUsage) {
        var rest = count(usage.output)
        take(.outputAudio, count(usage.outputAudio), from: &rest)
        take(.outputImage, count(usage.outputImage), from: &rest)
        take(.outputVideo, count(usage.outputVideo), from: &rest)
        take(.outputReasoning, count(usage.reasoning), from: &rest)
        take(.outputCitation, count(usage.citation), from: &rest)
        if usage.output != nil {
            charge(.output, remainder(rest))
        } else if rates.has(.output) {
            flags.insert(.incomplete)
        }
    }

    /// Charges a part if its kind has a price; otherwise it stays in the rest.
    @inline(__always)
    private mutating func take(_ kind: PriceKind, _ count: Int128, from rest: inout Int128) {
        guard count > 0, rates.has(kind) else { return }
        rest -= count
        add(kind, count)
    }

    /// Charges what cannot be charged as anything else.
    @inline(__always)
    private mutating func charge(_ kind: PriceKind, _ count: Int128) {
        guard count > 0 else { return }
        guard rates.has(kind) else {
            flags.insert(.unpricedPart)
            return
        }
        add(kind, count)
    }

    /// A count as it can be charged: unknown is none, and so is less than none.
    @inline(__always)
    private mutating func count(_ count: Int64?) -> Int128 {
        remainder(Int128(count ?? 0))
    }

    /// What is left of a whole; less than none is a contradiction.
    @inline(__always)
    private mutating func remainder(_ count: Int128) -> Int128 {
        guard count < 0 else { return count }
        flags.insert(.contradictory)
        return 0
    }

    @inline(__always)
    private mutating func add(_ kind: PriceKind, _ count: Int128) {
        let amount = count * Int128(rates.price(kind))
        total += amount
        isCharged = true
        if parts != nil { list(kind, count, amount) }
    }

    @inline(never)
    private mutating func list(_ kind: PriceKind, _ count: Int128, _ amount: Int128) {
        parts?.append(
            CostPart(
                kind: kind,
                count: Int64(clamping: count),
                price: kind.priceText(rates.price(kind)),
                amount: PicoUSD(Int64(clamping: amount))
            )
        )
    }
}
