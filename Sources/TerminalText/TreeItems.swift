// TreeItems.swift - the lines of a tree, with repeated siblings as one.

/// A line of a tree: a span, or several with the same name.
struct TreeItem {
    /// The spans, in order.
    var spans: [Int]
    /// How deep it stands; 0 at the top.
    var depth: Int
    /// Of each level above, whether more follows there; the last is its own.
    var rails: [Bool]
    /// What it comes to, with what is below where that is not shown.
    var figures: TreeFigures
    /// Whether levels above are not among its rails.
    var isCut: Bool { depth >= rails.count }
    /// Whether it stands for several.
    var isFolded: Bool { spans.count > 1 }
}

/// Puts a tree into lines.
struct TreeItems {
    /// So many siblings of one name, without children, become one line.
    static let manyLeaves = 4
    /// So many siblings of one name, with all below them, become one line.
    static let manyBranches = 20
    /// Failures are shown one by one up to so many.
    static let mostFailures = 10

    let spans: [TreeSpan]
    let isUnfolded: Bool
    /// Levels of which lines are drawn; deeper ones are told as a number.
    let mostRails: Int
    private let totals: [TreeFigures]

    init(_ spans: [TreeSpan], roots: [Int], isUnfolded: Bool, mostRails: Int) {
        self.spans = spans
        self.isUnfolded = isUnfolded
        self.mostRails = mostRails
        totals = Self.totals(spans, roots)
    }

    /// Every line in order.
    func items(from roots: [Int]) -> [TreeItem] {
        var items: [TreeItem] = []
        var stack = Self.reversed(grouped(roots), depth: 0, rails: [])
        while let next = stack.popLast() {
            items.append(item(next))
            guard next.spans.count == 1 else { continue }
            stack += Self.reversed(
                grouped(spans[next.spans[0]].children),
                depth: next.depth + 1,
                rails: Array(next.rails.suffix(mostRails))
            )
        }
        return items
    }

    private struct Waiting {
        var spans: [Int]
        var depth: Int
        var rails: [Bool]
    }

    private static func reversed(_ groups: [[Int]], depth: Int, rails: [Bool]) -> [Waiting] {
        groups.indices.reversed().map { index in
            Waiting(spans: groups[index], depth: depth, rails: rails + [index < groups.count - 1])
        }
    }

    private func item(_ waiting: Waiting) -> TreeItem {
        var figures = spans[waiting.spans[0]].figures
        if waiting.spans.count > 1 {
            figures = waiting.spans.dropFirst().reduce(into: totals[waiting.spans[0]]) { $0.add(totals[$1]) }
            figures.nanoseconds = waiting.spans.reduce(0) { sum, place in
                let (sum, overflow) = sum.addingReportingOverflow(spans[place].duration)
                return overflow ? .max : sum
            }
        }
        return TreeItem(spans: waiting.spans, depth: waiting.depth, rails: waiting.rails, figures: figures)
    }

    /// Siblings, those that repeat each other together, at the place of the first.
    private func grouped(_ siblings: [Int]) -> [[Int]] {
        guard !isUnfolded, siblings.count >= Self.manyLeaves else { return siblings.map { [$0] } }
        var byName: [String: [Int]] = [:]
        for place in siblings { byName[spans[place].name, default: []].append(place) }
        var folded: [Int: [Int]] = [:]
        var hidden: Set<Int> = []
        for group in byName.values {
            for part in folds(in: group) {
                folded[part[0]] = part
                hidden.formUnion(part.dropFirst())
            }
        }
        return siblings.compactMap { hidden.contains($0) ? nil : folded[$0] ?? [$0] }
    }

    private func folds(in group: [Int]) -> [[Int]] {
        let isFailureShown = group.count { spans[$0].failure != nil } <= Self.mostFailures
        let candidates = group.filter { !isFailureShown || spans[$0].failure == nil }
        if candidates.count >= Self.manyBranches { return [candidates] }
        let leaves = candidates.filter { spans[$0].children.isEmpty }
        return leaves.count >= Self.manyLeaves ? [leaves] : []
    }

    /// What each span comes to with all below it, usage that counts only.
    private static func totals(_ spans: [TreeSpan], _ roots: [Int]) -> [TreeFigures] {
        var totals = spans.map { $0.isOwn ? $0.figures : $0.figures.withoutUsage }
        var order: [Int] = []
        var stack = roots
        while let next = stack.popLast() {
            order.append(next)
            stack += spans[next].children
        }
        // Children stand behind their parents.
        for place in order.reversed() {
            for child in spans[place].children { totals[place].add(totals[child]) }
        }
        return totals
    }
}
