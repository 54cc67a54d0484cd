// TraceTree+Text.swift - a tree drawn in lines.

import TraceModel

extension TraceTree {
    /// The trace as text: what it comes to, then its spans.
    ///
    /// - Parameters:
    ///   - place: Where it is shown.
    ///   - isUnfolded: Whether each of many repeated siblings gets a line of its own.
    /// - Returns: Lines.
    public func text(_ place: TextPlace, isUnfolded: Bool = false) -> String {
        let (spans, roots) = linked()
        // A third of the width at most is lines of the tree.
        let mostRails = place.width.map { max(3, $0 / 12) } ?? 40
        let items = TreeItems(spans, roots: roots, isUnfolded: isUnfolded, mostRails: mostRails).items(from: roots)
        let drawing = TreeDrawing(spans: spans, place: place)
        let lines = items.map(drawing.line)
        return head(place) + "\n" + drawing.text(lines)
    }

    private func head(_ place: TextPlace) -> String {
        let llm = trace["llm_summary"]
        let name = trace[path: ["root_span", "name"]].line
        var lines = [
            [TextStyle.bold.apply(name, place), TextStyle.cyan.apply((trace["trace_id"]).line, place)]
                .joined(separator: "  "),
            Self.joined(timing(place)),
        ]
        let places = ["project", "service", "session_id", "user_id"].compactMap { member in
            trace[member]?.lineIfKnown.map { "\(member.prefix { $0 != "_" }) \($0)" }
        }
        lines.append(Self.joined(places))
        if let llm, !llm.isNull { lines += usage(llm) }
        let warnings = (trace["warnings"]?.array ?? []).compactMap(\.lineIfKnown)
        if !warnings.isEmpty {
            lines.append(TextStyle.yellow.apply("odd: " + warnings.joined(separator: ", "), place))
        }
        return lines.filter { !$0.isEmpty }.map { $0 + "\n" }.joined()
    }

    private func timing(_ place: TextPlace) -> [String] {
        let status = trace["status"].line
        let errors = trace["error_count"]?.integer ?? 0
        var words = [
            Figures.time(trace["start_time"]?.string, place),
            Figures.duration(milliseconds: trace["duration_ms"]?.double),
            (status == "error" ? TextStyle.red : .green).apply(status, place),
            Figures.count(trace["span_count"]?.integer, of: "span"),
        ]
        if errors > 0 { words.append(TextStyle.red.apply("\(Figures.count(errors)) failed", place)) }
        if trace["complete"]?.bool == false { words.append(TextStyle.yellow.apply("not complete", place)) }
        return words
    }

    private func usage(_ llm: JSONValue) -> [String] {
        func share(_ member: String, _ word: String) -> String {
            guard let number = llm[member]?.integer, number > 0 else { return "" }
            return " (\(Figures.count(number)) \(word))"
        }
        let cost = Figures.cost(llm["cost"]?.double)
        var words = [
            Figures.count(llm["calls"]?.integer, of: "call"),
            "\(Figures.count(llm["tokens_input"]?.integer)) in" + share("tokens_cache_read", "cached"),
            "\(Figures.count(llm["tokens_output"]?.integer)) out" + share("tokens_reasoning", "reasoning"),
            llm["cost_complete"]?.bool == false && cost != Figures.unknown ? "at least \(cost)" : cost,
        ]
        if let embedded = llm["tokens_embedding"]?.integer { words.append("\(Figures.count(embedded)) embedded") }
        if let first = llm["time_to_first_token_ms"]?.double {
            words.append("first token after \(Figures.duration(milliseconds: first))")
        }
        let models = (llm["models"]?.array ?? []).map { model in
            "\(model["model"].line) × \(Figures.count(model["calls"]?.integer)) \(Figures.cost(model["cost"]?.double))"
        }
        return [Self.joined(words), models.joined(separator: ", ")]
    }

    private static func joined(_ words: [String]) -> String { words.joined(separator: " · ") }
}
