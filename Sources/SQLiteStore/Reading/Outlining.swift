// Outlining.swift - the winning spans of a trace in the order in which they are shown.

import TraceAssembly
import TraceModel
import TraceStore

/// Makes outlines from a loaded trace.
enum Outlining {
    /// The winning version of every span, by start, parents before children on ties.
    ///
    /// - Parameters:
    ///   - loaded: The trace, with its versions.
    ///   - linked: Spans of other traces, by the hash of the id that they share with a call.
    /// - Returns: One for each span.
    static func outlines(of loaded: LoadedTrace, linked: [Int64: [SpanReference]] = [:]) -> [SpanOutline] {
        var seen: Set<SpanID> = []
        var found: [SpanOutline] = []
        found.reserveCapacity(loaded.assembly.spanCount)
        for version in loaded.versions {
            let facts = version.facts
            guard let place = loaded.assembly.place(of: facts.spanID), place.version.fingerprint == facts.fingerprint,
                place.version.part == version.part, seen.insert(facts.spanID).inserted
            else { continue }
            found.append(
                SpanOutline(
                    spanID: facts.spanID,
                    parentID: facts.parentID,
                    hasParent: place.hasParent,
                    start: facts.start,
                    end: facts.end,
                    marks: place.marks,
                    length: Int(facts.length),
                    part: version.part,
                    index: version.index,
                    call: place.call.map { call in
                        var stored = StoredCall(call, extras: version.extras, concerned: place.concerned)
                        stored.costCharged = loaded.charged[call.number]
                        if !linked.isEmpty {
                            stored.elsewhere = call.linkHashes.flatMap { linked[$0] ?? [] }
                        }
                        return stored
                    }
                )
            )
        }
        return ordered(found)
    }

    /// Sorts by start; where starts are equal a parent comes before its children, then the smaller id.
    private static func ordered(_ outlines: [SpanOutline]) -> [SpanOutline] {
        var sorted = outlines.sorted { ($0.start, $0.spanID) < ($1.start, $1.spanID) }
        var from = 0
        while from < sorted.count {
            var to = from + 1
            while to < sorted.count, sorted[to].start == sorted[from].start { to += 1 }
            if to - from > 1 { sorted.replaceSubrange(from..<to, with: parentsFirst(Array(sorted[from..<to]))) }
            from = to
        }
        return sorted
    }

    /// Puts parents before children among spans that start together.
    ///
    /// Cycles are no parents, so every span is reached.
    private static func parentsFirst(_ tied: [SpanOutline]) -> [SpanOutline] {
        let index = Dictionary(uniqueKeysWithValues: tied.indices.map { (tied[$0].spanID, $0) })
        var children: [Int: [Int]] = [:]
        var pending: [Int] = []
        for position in tied.indices {
            if tied[position].hasParent, let parent = index[tied[position].parentID] {
                children[parent, default: []].append(position)
            } else {
                pending.append(position)
            }
        }
        var result: [SpanOutline] = []
        pending.reverse()
        while let next = pending.popLast() {
            result.append(tied[next])
            pending.append(contentsOf: (children[next] ?? []).reversed())
        }
        return result
    }
}

extension StoredCall {
    fileprivate init(_ assembled: AssembledCall, extras: CallExtras, concerned: ConcernedSpans?) {
        var call = LLMCall(role: assembled.role)
        call.operation = assembled.operation
        call.provider = assembled.provider
        call.requestModel = assembled.requestModel
        call.responseModel = assembled.responseModel
        call.usage = assembled.usage
        call.costReported = assembled.costReported
        call.costComputed = assembled.costComputed
        call.price = assembled.price
        call.responseID = assembled.responseID
        call.requestID = assembled.requestID
        call.timeToFirstToken = assembled.timeToFirstToken
        call.isStreaming = assembled.isStreaming
        call.errorType = assembled.errorType
        extras.fill(&call)
        self.init(call: call, scope: assembled.scope, rule: assembled.rule)
        self.concerned = concerned?.spans ?? []
        isConcernedCut = concerned?.isCut ?? false
        session = assembled.session
        user = assembled.user
    }
}
