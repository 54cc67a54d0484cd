// PriceKind.swift - what a provider charges for.

/// What a provider charges for; the names are those of the price file.
///
/// Per-token kinds are priced per million tokens, the others for one.
public enum PriceKind: UInt8, Sendable, CaseIterable {
    /// Prompt tokens, without those that have a price of their own.
    case input
    /// Generated tokens, without those that have a price of their own.
    case output
    /// Input tokens read from the provider's cache.
    case cacheRead
    /// Input tokens written to the cache with the short lifetime.
    case cacheWrite5m
    /// Input tokens written to the cache with the lifetime of one hour.
    case cacheWrite1h
    /// Audio tokens of the input.
    case inputAudio
    /// Audio tokens of the output.
    case outputAudio
    /// Audio tokens of the input that were read from the cache.
    case cacheReadAudio
    /// Image tokens of the input.
    case inputImage
    /// Image tokens of the output.
    case outputImage
    /// Image tokens of the input that were read from the cache.
    case cacheReadImage
    /// Video tokens of the input.
    case inputVideo
    /// Video tokens of the output.
    case outputVideo
    /// Output tokens spent on reasoning.
    case outputReasoning
    /// Output tokens of citations.
    case outputCitation
    /// The call itself.
    case perRequest
    /// One search of the web on the provider's side.
    case perWebSearch
    /// One search of files on the provider's side.
    case perFileSearch

    private static let names = [
        "input", "output", "cache_read", "cache_write_5m", "cache_write_1h", "input_audio", "output_audio",
        "cache_read_audio", "input_image", "output_image", "cache_read_image", "input_video", "output_video",
        "output_reasoning", "output_citation", "per_request", "per_web_search", "per_file_search",
    ]

    /// The kind with a name of the price file, such as `cache_read`; nil when there is none.
    public init?(name: String) {
        guard let place = Self.names.firstIndex(of: name) else { return nil }
        self.init(rawValue: UInt8(place))
    }

    /// The name in the price file, such as `cache_read`.
    public var name: String { Self.names[Int(rawValue)] }

    /// Whether the price is for a million tokens rather than for one.
    public var isPerToken: Bool { rawValue < PriceKind.perRequest.rawValue }

    /// The kind's bit in a set of kinds.
    @inline(__always)
    var bit: UInt32 { 1 << UInt32(rawValue) }
}
