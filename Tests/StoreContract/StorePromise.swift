// StorePromise.swift - what every store promises, one case each.

import IngestPipeline
import OTLPCodec
import TestSupport
import Testing
import TraceModel
public import TraceStore

/// What every store promises.
public enum StorePromise: String, CaseIterable, Sendable {
    case whatWasWrittenIsReadBackByteForByte
    case aSpanSentAgainCountsOnce
    case spansOfATraceMayArriveInAnyOrderOverManyWrites
    case theVersionThatEndsLaterWinsInBothOrders
    case ofVersionsThatEndTogetherTheLongerWins
    case ofVersionsOfEqualLengthTheGreaterBytesWin
    case aPendingVersionLosesAgainstAFinishedOne
    case theSameTraceIdInTwoProjectsIsTwoTraces
    case aTraceThatIsNotThereHasNoSummary
    case pagesNeitherRepeatNorSkip
    case filtersCombine
    case aStandInGivesWayToTheRoot
    case aCycleIsBrokenWhereItStartsFirst
    case eachCallIsCountedOnce
    case spansBeyondTheLimitAreRejectedByName
    case sumsBeyondTheRangeStayReadable
    case namesAreTakenByteForByte
    case keysAreKeptAndRevokedForGood
    case logRecordsAreKeptWithTheirSpansBeforeAndAfter
    case aTraceOfLogRecordsAloneIsNotShown
    case logRecordsAreReadForAsManySpansAsHaveRoom

    /// Checks the promise on a fresh store.
    public func run(on store: any CollectorStore) async throws {
        switch self {
        case .whatWasWrittenIsReadBackByteForByte: try await Checks(store).bytes()
        case .aSpanSentAgainCountsOnce: try await Checks(store).duplicates()
        case .spansOfATraceMayArriveInAnyOrderOverManyWrites: try await Checks(store).anyOrder()
        case .theVersionThatEndsLaterWinsInBothOrders: try await Checks(store).laterEnd()
        case .ofVersionsThatEndTogetherTheLongerWins: try await Checks(store).longer()
        case .ofVersionsOfEqualLengthTheGreaterBytesWin: try await Checks(store).greaterBytes()
        case .aPendingVersionLosesAgainstAFinishedOne: try await Checks(store).pending()
        case .theSameTraceIdInTwoProjectsIsTwoTraces: try await Checks(store).projects()
        case .aTraceThatIsNotThereHasNoSummary: try await Checks(store).unknown()
        case .pagesNeitherRepeatNorSkip: try await Checks(store).pages()
        case .filtersCombine: try await Checks(store).filters()
        case .aStandInGivesWayToTheRoot: try await Checks(store).standIn()
        case .aCycleIsBrokenWhereItStartsFirst: try await Checks(store).cycle()
        case .eachCallIsCountedOnce: try await Checks(store).calls()
        case .spansBeyondTheLimitAreRejectedByName: try await Checks(store).limit()
        case .sumsBeyondTheRangeStayReadable: try await Checks(store).hugeTokens()
        case .namesAreTakenByteForByte: try await Checks(store).exactNames()
        case .keysAreKeptAndRevokedForGood: try await Checks(store).keys()
        case .logRecordsAreKeptWithTheirSpansBeforeAndAfter: try await Checks(store).records()
        case .aTraceOfLogRecordsAloneIsNotShown: try await Checks(store).recordsAlone()
        case .logRecordsAreReadForAsManySpansAsHaveRoom: try await Checks(store).recordRoom()
        }
    }

    /// The limit on spans of one trace that a store under test is opened with.
    public static let maxSpansPerTrace = 100
}

/// Writes and reads in few words.
struct Checks {
    let store: any CollectorStore

    init(_ store: any CollectorStore) {
        self.store = store
    }

    @discardableResult
    func write(_ spans: SampleSpan..., project: String? = nil) async throws -> ConsumeReceipt {
        try await write(spans, project: project)
    }

    @discardableResult
    func write(_ spans: [SampleSpan], project: String? = nil) async throws -> ConsumeReceipt {
        let storage = BatchStorage(copying: SampleSpan.request(spans))
        let request = try ExportRequestDecoder().decode(storage, project: project)
        return try await store.write(SpanExtractor().extract(request.batch))
    }

    func summary(_ trace: UInt64, in scope: ProjectScope = .all) async throws -> TraceSummary {
        try #require(try await store.summaries(of: TraceID(high: 0xABCD, low: trace), in: scope).first)
    }

    /// The spans of a trace with their bytes, in the order in which they are shown.
    ///
    /// An opened trace has to say the same.
    func spans(_ trace: UInt64) async throws -> [StoredSpan] {
        let number = try await summary(trace).number
        let outlines = try await store.outlines(of: number)
        let spans = try await store.spans(outlines[...], of: number)
        let opened = try await store.trace(number, keeping: 1 << 20)
        #expect(opened.outlines == outlines)
        if let stored = opened.stored {
            for span in spans {
                let other = try #require(stored(span.outline))
                #expect(other.bytes.elementsEqual(span.bytes))
                #expect(other.resource.bytes == span.resource.bytes && other.scope.bytes == span.scope.bytes)
            }
        }
        return spans
    }

    func winner(of versions: [SampleSpan]) async throws -> [UInt8] {
        for version in versions { try await write(version) }
        let spans = try await spans(versions[0].trace.low)
        #expect(spans.count == 1)
        return Array(try #require(spans.first).bytes)
    }
}
