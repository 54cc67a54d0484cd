// LiveSession.swift - what one client is told, as long as it listens.

import Logging
import TraceModel
import TraceStore

/// Follows the feed for one client.
///
/// It asks the feed now and then and holds nothing between two ticks, so that a client which takes nothing for a while
/// costs nothing, and is told how much it missed.
struct LiveSession: Sendable {
    let reader: BoundedReader
    let feed: any TraceFeed
    let query: TraceQuery
    /// The last event that the client saw, as it says.
    let lastID: String?
    let limits: LiveLimits
    let clock: any Clock<Duration>
    let logger: Logger
    /// Whether the client may still read.
    let isAllowed: @Sendable () -> Bool

    /// Numbers of one question to the store.
    private static let numbersAtOnce = 500

    /// Tells of changes until the task is cancelled, or the client may not read any more.
    ///
    /// - Throws: `CancellationError` when the client had not taken what was sent, and what goes wrong on the way to it.
    func run(on wire: LiveWire) async throws {
        var (position, greeting) = start()
        try await wire.write(greeting)
        var silence = Duration.zero
        while isAllowed() {
            var events = LiveEvents()
            do {
                position = try await collect(after: position, into: &events)
            } catch {
                if !Task.isCancelled { report(error) }
                return
            }
            if events.bytes.isEmpty, silence >= limits.heartbeat { events.beat(at: position) }
            if !events.bytes.isEmpty { silence = .zero }
            try await wire.write(events)
            do { try await clock.sleep(for: limits.tick) } catch { return }
            silence += limits.tick
        }
    }

    private func start() -> (FeedPosition, LiveEvents) {
        let now = feed.position
        var events = LiveEvents()
        guard let lastID else {
            events.begin(at: now)
            return (now, events)
        }
        guard let asked = FeedPosition(text: lastID), asked.epoch == now.epoch, asked.sequence <= now.sequence else {
            events.begin(at: now)
            events.reset(.unknown, at: now)
            return (now, events)
        }
        events.begin(at: asked)
        return (asked, events)
    }

    /// One tick: what changed since, each trace once; the newest of those that match, in the order of their changes.
    private func collect(after position: FeedPosition, into events: inout LiveEvents) async throws -> FeedPosition {
        let end = feed.position
        guard end != position else { return position }
        guard let changes = feed.changes(after: position) else {
            events.reset(.tooOld, at: end)
            return end
        }
        let found = try await shown(LiveChange.latest(of: changes, after: position))
        if found.others > 0, let first = found.changes.last?.position {
            events.skipped(found.others, at: FeedPosition(epoch: first.epoch, sequence: first.sequence - 1))
        }
        for change in found.changes.reversed() {
            switch change.content {
            case .trace(let summary): events.trace(summary, isNew: change.isNew, at: change.position)
            case .deleted(let trace): events.deleted(trace, at: change.position)
            case .number: break
            }
        }
        return FeedPosition(epoch: position.epoch, sequence: position.sequence + UInt64(changes.count))
    }

    /// The first of some changes that are to be shown, and how many others would be.
    private func shown(_ changes: [LiveChange]) async throws -> (changes: [LiveChange], others: Int) {
        var shown: [LiveChange] = []
        var others = 0
        var rest = changes[...]
        while !rest.isEmpty {
            if shown.count >= limits.tracesPerTick, query.isUnfiltered {
                others += rest.count
                break
            }
            let chunk = rest.prefix(Self.numbersAtOnce)
            rest = rest.dropFirst(chunk.count)
            let found = try await matches(chunk, atMost: limits.tracesPerTick - shown.count)
            shown += found.changes
            others += found.others
        }
        return (shown, others)
    }

    private func matches(
        _ chunk: ArraySlice<LiveChange>,
        atMost limit: Int
    ) async throws -> (changes: [LiveChange], others: Int) {
        var query = query
        query.limit = limit
        query.numbers = chunk.compactMap(\.number)
        let page = try await reader.traces(matching: query)
        let summaries = Dictionary(page.rows.map { ($0.number, $0) }) { first, _ in first }
        let changes = chunk.compactMap { $0.filled(from: summaries, in: query.scope) }
        let traces = changes.count { $0.number != nil }
        return (Array(changes.prefix(limit)), max(0, (page.total ?? 0) - traces) + max(0, changes.count - limit))
    }

    private func report(_ error: any Error) {
        let reason = (error as? any CollectorError)?.message ?? "\(type(of: error))"
        logger.warning("live stream ended", metadata: ["error.message": "\(reason)"])
    }
}
