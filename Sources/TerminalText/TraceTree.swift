// TraceTree.swift - a trace as a tree.

public import TraceModel

/// A trace as a tree of its spans, page by page.
public struct TraceTree: Sendable {
    /// The members of the trace besides its spans.
    let trace: JSONValue
    private(set) var spans: [TreeSpan] = []
    private var places: [String: Int] = [:]

    /// Begins with the first page.
    ///
    /// - Parameter answer: What `GET /v1/traces/:trace_id` answered; nil comes of anything else.
    public init?(_ answer: JSONValue) {
        guard let members = answer["data"]?.object else { return nil }
        trace = .object(members.filter { $0.name != "spans" })
        add(answer)
    }

    /// Adds the spans of a page.
    ///
    /// - Parameter answer: What `GET /v1/traces/:trace_id` answered.
    public mutating func add(_ answer: JSONValue) {
        for value in answer[path: ["data", "spans"]]?.array ?? [] {
            let span = TreeSpan(value)
            // The first of two with the same id is the parent of those below.
            if places[span.id] == nil { places[span.id] = spans.count }
            spans.append(span)
        }
    }

    /// The spans with their children, and those that stand at the top.
    ///
    /// A span whose parent is not there stands at the top; so does the first of a cycle.
    func linked() -> (spans: [TreeSpan], roots: [Int]) {
        var linked = spans
        var roots: [Int] = []
        var parents = [Int?](repeating: nil, count: spans.count)
        for (place, span) in spans.enumerated() {
            if let parent = span.parent.flatMap({ places[$0] }), parent != place {
                parents[place] = parent
                linked[parent].children.append(place)
            } else {
                roots.append(place)
            }
        }
        var isReached = [Bool](repeating: false, count: spans.count)
        var stack = roots
        for place in [-1] + Array(spans.indices) {
            if place >= 0 {
                guard !isReached[place] else { continue }
                // Only cycles are left: the first span of one is taken out of it.
                if let parent = parents[place] { linked[parent].children.removeAll { $0 == place } }
                roots.append(place)
                stack = [place]
            }
            while let next = stack.popLast() {
                guard !isReached[next] else { continue }
                isReached[next] = true
                stack += linked[next].children
            }
        }
        return (linked, roots)
    }
}
