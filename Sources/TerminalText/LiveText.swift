// LiveText.swift - what a live stream tells, line by line.

public import TraceModel

/// Shows what a live stream tells: a line when a trace begins, and one when it is whole.
public struct LiveText: Sendable {
    private let place: TextPlace
    /// The traces shown lately, and whether they were whole.
    private var shown: [String: Bool] = [:]
    private var order: [String] = []

    /// Traces that are remembered; an older one may be shown once more.
    private static let mostRemembered = 20_000

    /// Begins with nothing shown.
    public init(_ place: TextPlace) {
        self.place = place
    }

    /// The line for an event of a trace.
    ///
    /// - Parameter data: The data of an event `trace`.
    /// - Returns: Nil when nothing new is to be said.
    public mutating func line(_ data: JSONValue) -> String? {
        guard let trace = data["trace"], let id = trace["trace_id"]?.string else { return nil }
        let key = (trace["project"]?.string ?? "") + "/" + id
        let isWhole = trace["complete"]?.bool ?? true
        let before = shown[key]
        // Of a trace that began before this did only the end is told.
        guard before == nil ? isWhole || data["change"]?.string == "new" : before == false && isWhole else {
            return nil
        }
        remember(key, isWhole)
        return text(trace, id)
    }

    private mutating func remember(_ key: String, _ isWhole: Bool) {
        if shown.updateValue(isWhole, forKey: key) == nil { order.append(key) }
        guard order.count > Self.mostRemembered else { return }
        let old = order.prefix(Self.mostRemembered / 2)
        for key in old { shown[key] = nil }
        order.removeFirst(old.count)
    }

    private func text(_ trace: JSONValue, _ id: String) -> String {
        let llm = trace["llm_summary"]
        let status = ListText.status(trace)
        let time = Figures.time(trace["start_time"]?.string, place).suffix(8)
        var words = [
            TextStyle.dim.apply(String(time), place),
            status.style.apply(status.text.padded(to: 7), place),
            Figures.duration(milliseconds: trace["duration_ms"]?.double).padded(to: 7, isRight: true),
        ]
        var figures: [String] = []
        if let llm, !llm.isNull {
            if let model = llm["model"]?.lineIfKnown { figures.append(model) }
            figures.append(
                "\(Figures.count(llm["tokens_input"]?.integer)) → \(Figures.count(llm["tokens_output"]?.integer))"
            )
            figures.append(Figures.cost(llm["cost"]?.double))
        }
        figures.append(Figures.count(trace["span_count"]?.integer, of: "span"))
        figures.append(TextStyle.cyan.apply(SafeText.line(String(id.prefix(place.width == nil ? 32 : 8))), place))
        words.append(
            TextStyle.bold.apply(
                trace[path: ["root_span", "name"]].line.fitted(to: place.width.map { max(20, $0 - 76) } ?? 200),
                place
            )
        )
        return (words + figures).joined(separator: "  ") + "\n"
    }
}
