// ReferenceAssembly.swift - the rules again, written as plainly as possible: everything from the final set of spans.

import TraceAssembly
import TraceModel

/// What a set of versions must come to, whatever the order.
struct ReferenceAssembly {
    private(set) var spans: [SpanID: SpanVersionStub] = [:]
    private(set) var cyclic: Set<SpanID> = []
    private var ancestors: [SpanID: [SpanID]] = [:]
    private var usageBelow: Set<SpanID> = []
    private var frontiers: [SpanID: [SpanID]] = [:]
    private(set) var judged: [SpanID: Judged] = [:]
    /// Those that other instrumentations show beside a call, innermost first.
    private var chainOf: [SpanID: [SpanID]] = [:]

    struct Judged: Equatable {
        var scope: UsageScope
        var rule: UsageRule
        var target: SpanID?
    }

    init(_ versions: [SpanVersionStub]) {
        for version in versions {
            guard let known = spans[version.facts.spanID] else {
                spans[version.facts.spanID] = version
                continue
            }
            if Self.rank(known.facts).lexicographicallyPrecedes(Self.rank(version.facts)) {
                spans[version.facts.spanID] = version
            }
        }
        for id in spans.keys where isCut(id) { cyclic.insert(id) }
        for id in spans.keys { ancestors[id] = path(above: id) }
        for (id, span) in spans where role(span).isProviderCall && span.call?.carriesUsage == true {
            usageBelow.formUnion(ancestors[id] ?? [])
        }
        for (id, span) in spans where span.call?.role.isProviderCall == true {
            if let owner = nearestCall(above: id) { frontiers[owner, default: []].append(id) }
        }
        judgeAll()
    }

    private static func rank(_ facts: SpanFacts) -> [UInt64] {
        [
            facts.marks.contains(.pending) ? 0 : 1, facts.marks.contains(.synthesized) ? 0 : 1, UInt64(facts.end),
            UInt64(facts.length), facts.fingerprint,
        ]
    }

    func role(_ span: SpanVersionStub) -> SpanRole {
        span.call?.role ?? span.facts.role
    }

    func startsBefore(_ left: SpanID, _ right: SpanID) -> Bool {
        guard let first = spans[left]?.facts, let second = spans[right]?.facts else { return false }
        return (first.marks.contains(.startMissing) ? 1 : 0, first.start, left.value)
            < (second.marks.contains(.startMissing) ? 1 : 0, second.start, right.value)
    }

    func ordered(_ ids: some Sequence<SpanID>) -> [SpanID] {
        ids.sorted(by: startsBefore)
    }

    // MARK: Tree

    private func namedParent(_ id: SpanID) -> SpanID? {
        guard let facts = spans[id]?.facts, !facts.parentID.isNone, !facts.marks.contains(.parentInvalid) else {
            return nil
        }
        return spans[facts.parentID] == nil ? nil : facts.parentID
    }

    private func isCut(_ id: SpanID) -> Bool {
        var members = [id]
        while let next = namedParent(members[members.count - 1]) {
            if next == id { return ordered(members)[0] == id }
            if members.contains(next) { return false }
            members.append(next)
        }
        return false
    }

    func parent(_ id: SpanID) -> SpanID? {
        cyclic.contains(id) ? nil : namedParent(id)
    }

    private func path(above id: SpanID) -> [SpanID] {
        var path: [SpanID] = []
        var next = parent(id)
        while let ancestor = next {
            path.append(ancestor)
            next = parent(ancestor)
        }
        return path
    }

    private func nearestCall(above id: SpanID) -> SpanID? {
        for (between, ancestor) in (ancestors[id] ?? []).enumerated() {
            if between > 8 { return nil }
            if let call = spans[ancestor]?.call, call.role == spans[id]?.call?.role { return ancestor }
            if spans[ancestor].map(role) == .agent { return nil }
        }
        return nil
    }

    // MARK: Counting

    private func isSumByName(_ id: SpanID) -> Bool {
        spans[id]?.facts.marks.contains(.aggregateByName) == true && usageBelow.contains(id)
    }

    private mutating func judgeAll() {
        var groups: [SpanID: [SpanID]] = [:]
        var candidates = spans.filter { $0.value.call != nil }.map(\.key)
        while let first = candidates.popLast() {
            var group = [first]
            var next = 0
            while next < group.count {
                let sharing = candidates.filter { sharesID($0, group[next]) }
                group += sharing
                candidates.removeAll(where: sharing.contains)
                next += 1
            }
            for member in group { groups[member] = group }
        }
        for (id, group) in groups { judged[id] = judge(id, group: group) }
        judgeBeside()
    }

    /// Calls of which several instrumentations show each: of those that are own so far.
    private mutating func judgeBeside() {
        let own = judged.filter { $0.value.scope == .own }.keys.filter { id in
            guard let span = spans[id] else { return false }
            let saysSomething = span.call?.usage.isKnown == true || span.call?.model != nil
            return span.facts.instrumentation != 0 && span.call?.role.isProviderCall == true && saysSomething
                && span.facts.marks.isDisjoint(with: [.synthesized, .startMissing, .pending])
        }
        var chains: [[SpanID]] = []
        for id in own.sorted(by: { outerRank($0).lexicographicallyPrecedes(outerRank($1)) }) {
            let around = chains.indices.filter { isPart(id, of: chains[$0]) }
            let closest = around.min {
                closeRank(chains[$0]).lexicographicallyPrecedes(closeRank(chains[$1]))
            }
            if let closest { chains[closest].append(id) } else { chains.append([id]) }
        }
        for chain in chains where chain.count > 1 {
            let lasting = chain.last { spans[$0].map { $0.facts.start < $0.facts.end } == true }
            let counting = lasting ?? chain[chain.count - 1]
            chainOf[counting] = chain.filter { $0 != counting }.reversed()
            for id in chain where id != counting {
                judged[id] = Judged(scope: .duplicate, rule: .duplicateByScope, target: counting)
            }
        }
    }

    private func areSiblings(_ left: SpanID, _ right: SpanID) -> Bool {
        // The ids of the spans above, also of one that is not there.
        func named(_ id: SpanID) -> [SpanID] {
            ([id] + (ancestors[id] ?? [])).prefix(64).compactMap { spans[$0]?.facts.parentID }
        }
        func parent(_ id: SpanID) -> SpanID { spans[id]?.facts.parentID ?? .none }
        guard !named(left).contains(right), !named(right).contains(left) else { return false }
        return parent(left).isNone || parent(right).isNone || named(left).contains(parent(right))
            || named(right).contains(parent(left))
    }

    private func outerRank(_ id: SpanID) -> [Int64] {
        guard let facts = spans[id]?.facts else { return [] }
        return [facts.start, -facts.end, Int64(id.value)]
    }

    private func closeRank(_ chain: [SpanID]) -> [Int64] {
        guard let last = chain.last, let facts = spans[last]?.facts else { return [] }
        return [facts.end, -facts.start, Int64(last.value)]
    }

    private func isPart(_ id: SpanID, of chain: [SpanID]) -> Bool {
        guard let span = spans[id], let last = chain.last.flatMap({ spans[$0] }) else { return false }
        let touches = span.facts.start == span.facts.end || span.facts.start <= last.facts.end
        let usesTokens = (span.call?.usage.input ?? 0) > 0 || (span.call?.usage.output ?? 0) > 0
        let follows = usesTokens && abs(span.facts.start - last.facts.end) <= 5_000_000
        let isTogether = span.facts.start - last.facts.start <= 1_000_000
        let slack = isTogether ? min(max(5_000_000, (last.facts.end - last.facts.start) / 4), 1_000_000_000) : 5_000_000
        let isWithin = touches && span.facts.end - slack <= last.facts.end
        return (isWithin || follows) && span.facts.start - 5_000_000 <= last.facts.end
            && chain.allSatisfy { spans[$0].map { looksLike($0, span) } == true }
    }

    private func looksLike(_ left: SpanVersionStub, _ right: SpanVersionStub) -> Bool {
        guard let first = left.call, let second = right.call else { return false }
        let knows = [first, second].map { $0.usage.input != nil || $0.usage.output != nil }
        let isSome = (first.usage.input ?? 0) != 0 || (first.usage.output ?? 0) != 0
        func agree(_ id: KeyPath<LLMCall, String?>) -> Bool {
            (first[keyPath: id] ?? second[keyPath: id]) == (second[keyPath: id] ?? first[keyPath: id])
        }
        return left.facts.instrumentation != right.facts.instrumentation && first.role == second.role
            && left.service == right.service && first.model.map(family) == second.model.map(family)
            && (first.usage.input ?? 0) == (second.usage.input ?? 0)
            && (first.usage.output ?? 0) == (second.usage.output ?? 0) && knows[0] == knows[1]
            && (isSome || (left.facts.status == .error) == (right.facts.status == .error))
            && (first.costReported ?? second.costReported) == (second.costReported ?? first.costReported)
            && areSiblings(left.facts.spanID, right.facts.spanID)
            && agree(\.responseID) && agree(\.requestID)
    }

    private func sharesID(_ left: SpanID, _ right: SpanID) -> Bool {
        guard mayBeOne(left, right), let first = spans[left]?.call, let second = spans[right]?.call,
            first.role == second.role,
            first.role == .llm || first.role == .embedding
        else { return false }
        return (first.responseID != nil && first.responseID == second.responseID)
            || (first.requestID != nil && first.requestID == second.requestID)
    }

    private func mayBeOne(_ left: SpanID, _ right: SpanID) -> Bool {
        guard let first = spans[left], let second = spans[right] else { return false }
        let times = [first, second].map { span in
            let end = max(span.facts.start, span.facts.end)
            return (start: span.facts.marks.contains(.startMissing) ? span.facts.end : span.facts.start, end: end)
        }
        let gap = max(times[0].start, times[1].start) - min(times[0].end, times[1].end)
        if gap <= 0 { return true }
        func agree(_ part: KeyPath<LLMCall, Int64?>) -> Bool {
            guard let mine = first.call?[keyPath: part], let other = second.call?[keyPath: part] else { return true }
            return mine == other
        }
        let isBesideRecord = [first, second].contains { $0.facts.marks.contains(.synthesized) }
        return gap <= (isBesideRecord ? 60_000_000_000 : 1_000_000_000)
            && (agree(\.usage.input) || agree(\.usage.output))
    }

    private func isInner(_ left: SpanID, _ right: SpanID) -> Bool {
        guard let first = spans[left], let second = spans[right] else { return false }
        return (first.call?.carriesUsage == true ? 0 : 1, -first.facts.start, first.facts.end, left.value)
            < (second.call?.carriesUsage == true ? 0 : 1, -second.facts.start, second.facts.end, right.value)
    }

    private func judge(_ id: SpanID, group: [SpanID]) -> Judged? {
        guard let span = spans[id], let call = span.call else { return nil }
        if isSumByName(id) { return Judged(scope: .aggregate, rule: .aggregateByName) }
        if !call.role.isProviderCall, call.carriesUsage, usageBelow.contains(id) {
            return Judged(scope: .aggregate, rule: .aggregateByKind)
        }
        let isLarge = group.count > 64
        let active = group.filter { !isSumByName($0) }
        let real = active.filter { spans[$0]?.facts.marks.contains(.synthesized) == false }
        let choice = real.isEmpty ? active : real
        let inner =
            isLarge
            ? active
            : active.filter { outer in !choice.contains { ancestors[$0]?.prefix(64).contains(outer) == true } }
        if let winner = inner.filter(choice.contains).sorted(by: isInner).first, winner != id {
            return Judged(scope: .duplicate, rule: .duplicateByID, target: isLarge ? nil : winner)
        }
        guard call.role.isProviderCall, inner.count == 1, !isLarge else { return Judged(scope: .own, rule: .ownCall) }
        let frontier = frontiers[id] ?? []
        if frontier.count == 1, repeats(span, frontier[0]) {
            return Judged(scope: .duplicate, rule: .duplicateByShape, target: frontier[0])
        }
        let live = frontier.filter { spans[$0]?.facts.status != .error || spans[$0]?.call?.carriesUsage == true }
        if frontier.count > 1, live.count == 1, repeats(span, live[0], afterFailures: true) {
            return Judged(scope: .duplicate, rule: .duplicateByShape, target: live[0])
        }
        let parts = frontier.compactMap { spans[$0]?.call?.usage }.filter(\.isKnown)
        let input = parts.map { $0.input ?? 0 }.reduce(0, +)
        let output = parts.map { $0.output ?? 0 }.reduce(0, +)
        let isSome = (call.usage.input ?? 0) != 0 || (call.usage.output ?? 0) != 0
        if parts.count >= 2, isSome, call.usage.input ?? input == input, call.usage.output ?? output == output {
            return Judged(scope: .aggregate, rule: .aggregateBySum)
        }
        return Judged(scope: .own, rule: .ownCall)
    }

    private func repeats(_ outer: SpanVersionStub, _ id: SpanID, afterFailures: Bool = false) -> Bool {
        guard let inner = spans[id], let first = outer.call, let second = inner.call else { return false }
        let tookOver =
            afterFailures && first.usage.input != nil && first.usage.output != nil
            && first.usage.input == second.usage.input && first.usage.output == second.usage.output
        let (start, end) = (inner.facts.start, outer.facts.end)
        let isFailed = outer.facts.status == .error && inner.facts.status != .error
        let isStart =
            !first.carriesUsage && !isFailed && start <= end && start - outer.facts.start <= end - start
        return start >= outer.facts.start - 5_000_000 && (inner.facts.end - 5_000_000 <= end || isStart)
            && (first.usage.input ?? second.usage.input) == (second.usage.input ?? first.usage.input)
            && ((first.usage.output ?? second.usage.output) == (second.usage.output ?? first.usage.output)
                || differsByReasoning(first.usage, second.usage))
            && (tookOver || (first.model ?? second.model).map(family) == (second.model ?? first.model).map(family))
    }

    private func differsByReasoning(_ outer: TokenUsage, _ inner: TokenUsage) -> Bool {
        guard let all = outer.output, let output = inner.output, let reasoning = inner.reasoning, reasoning > 0 else {
            return false
        }
        return outer.input != nil && outer.input == inner.input && abs(all - output) == reasoning
    }

    /// The families of the model names that the tests use.
    private func family(_ model: String) -> String {
        ["openai/gpt-4o": "gpt-4o", "gpt-4o-2024-08-06": "gpt-4o"][model] ?? model
    }

    // MARK: Effective calls

    func effectiveCall(_ id: SpanID) -> LLMCall? {
        names(id)?.call
    }

    /// The call with what its repetitions add; session and user likewise.
    func names(_ id: SpanID) -> SpanVersionStub? {
        guard var result = spans[id], result.call != nil else { return nil }
        guard judged[id]?.scope == .own else { return result }
        var queue = [(id, 0)]
        var next = 0
        while next < queue.count, queue.count <= 64 {
            let (target, hops) = queue[next]
            next += 1
            guard hops < 8 else { continue }
            let pointing = judged.filter { $0.value.target == target }
            let byID = pointing.filter { $0.value.rule == .duplicateByID }.keys.sorted(by: isInner)
            let byShape = pointing.filter { $0.value.rule == .duplicateByShape }.keys
            for source in byID + byShape + (chainOf[target] ?? []) {
                if let other = spans[source] { fill(&result, from: other) }
                queue.append((source, hops + 1))
            }
        }
        return result
    }

    private func fill(_ span: inout SpanVersionStub, from other: SpanVersionStub) {
        guard var call = span.call, let more = other.call else { return }
        call.operation = call.operation ?? more.operation
        call.provider = call.provider ?? more.provider
        call.requestModel = call.requestModel ?? more.requestModel
        call.responseModel = call.responseModel ?? more.responseModel
        let read = call.usage.cacheRead == nil && more.usage.cacheRead ?? 0 > 0
        let written = call.usage.cacheWrite == nil && more.usage.cacheWrite ?? 0 > 0
        let isSame = (call.usage.input ?? more.usage.input) == (more.usage.input ?? call.usage.input)
        call.costComputed =
            (read || written) && isSame
            ? more.costComputed ?? call.costComputed : call.costComputed ?? more.costComputed
        call.usage.input = call.usage.input ?? more.usage.input
        call.usage.output = call.usage.output ?? more.usage.output
        call.usage.cacheRead = call.usage.cacheRead ?? more.usage.cacheRead
        call.usage.cacheWrite = call.usage.cacheWrite ?? more.usage.cacheWrite
        call.usage.reasoning = call.usage.reasoning ?? more.usage.reasoning
        call.costReported = call.costReported ?? more.costReported
        call.timeToFirstToken = call.timeToFirstToken ?? more.timeToFirstToken
        call.isStreaming = call.isStreaming ?? more.isStreaming
        call.responseID = call.responseID ?? more.responseID
        call.requestID = call.requestID ?? more.requestID
        if span.facts.status == .error { call.errorType = call.errorType ?? more.errorType }
        span.session = span.session ?? other.session
        span.user = span.user ?? other.user
        span.call = call
    }
}
