// TreeDrawing.swift - lines of a tree with their figures and bars.

/// Draws the lines of a tree.
struct TreeDrawing {
    /// A line before the width of its columns is known.
    struct Line {
        var rails: String
        var label: String
        var style: TextStyle
        var note: String
        var bar: String
        var barStyle: TextStyle
        var figures: [String]
        var isCounted: Bool
    }

    let spans: [TreeSpan]
    let place: TextPlace
    private let start: Int64
    private let length: Double
    private let barWidth: Int

    /// Columns for names outside of terminals; longer names push their line to the right.
    private static let mostUnbound = 72
    /// Columns that a name keeps in any case.
    private static let leastName = 16
    private static let gap = "  "

    init(spans: [TreeSpan], place: TextPlace) {
        self.spans = spans
        self.place = place
        let known = spans.filter { $0.start > 0 }
        start = known.map(\.start).min() ?? 0
        length = Double(known.map(\.end).max() ?? 0) - Double(start)
        barWidth =
            switch place.width ?? 120 {
            case ..<64: 0
            case ..<100: 12
            default: 24
            }
    }

    func line(_ item: TreeItem) -> Line {
        let first = spans[item.spans[0]]
        let isFailed = item.figures.failures > 0 && (item.isFolded || first.failure != nil)
        let isCounted = item.isFolded || first.counted == nil || first.isOwn
        let isCall = first.counted != nil
        return Line(
            rails: rails(item),
            label: label(item, first),
            style: isFailed ? .red : isCall ? .bold : .plain,
            note: note(item, first),
            bar: bar(item),
            barStyle: isFailed ? .red : isCall ? .blue : .dim,
            figures: figures(item.figures, isCounted),
            isCounted: isCounted
        )
    }

    private func rails(_ item: TreeItem) -> String {
        guard item.depth > 0 else { return "" }
        let above = item.rails.dropFirst(item.isCut ? 0 : 1).dropLast()
        var text = item.isCut ? "⋯\(item.depth) " : ""
        text += above.map { $0 ? "│  " : "   " }.joined()
        return text + (item.rails.last == true ? "├─ " : "└─ ")
    }

    private func label(_ item: TreeItem, _ first: TreeSpan) -> String {
        guard item.isFolded else { return first.name + (first.model.map { " (\($0))" } ?? "") }
        let below = item.figures.spans - item.spans.count
        return "\(first.name) × \(item.spans.count)"
            + (below > 0 ? " (\(Figures.count(Int64(item.figures.spans))) spans)" : "")
    }

    private func note(_ item: TreeItem, _ first: TreeSpan) -> String {
        if item.isFolded { return item.figures.failures > 0 ? " ✗ \(item.figures.failures) failed" : "" }
        var note = ""
        if let failure = first.failure { note += failure.isEmpty ? " ✗" : " ✗ \(failure)" }
        switch first.counted {
        case "aggregate": note += " [sum]"
        case "duplicate": note += " [repeats another]"
        default: break
        }
        return note
    }

    private func figures(_ figures: TreeFigures, _ isCounted: Bool) -> [String] {
        var tokens = ""
        if figures.input != nil || figures.output != nil {
            tokens = "\(Figures.count(figures.input)) → \(Figures.count(figures.output))"
        }
        var cost = figures.cost.map { Figures.cost($0) } ?? ""
        if !isCounted {
            // What does not enter the totals stands in brackets.
            tokens = tokens.isEmpty ? "" : "(\(tokens))"
            cost = cost.isEmpty ? "" : "(\(cost))"
        }
        return [Figures.duration(milliseconds: Double(figures.nanoseconds) / 1e6), tokens, cost]
    }

    /// Where the spans lie in the time of the trace.
    private func bar(_ item: TreeItem) -> String {
        guard barWidth > 0, length > 0 else { return "" }
        let known = item.spans.lazy.map { spans[$0] }.filter { $0.start > 0 }
        guard let first = known.map(\.start).min(), let last = known.map(\.end).max() else { return "" }
        func column(_ time: Int64) -> Double { (Double(time) - Double(start)) / length * Double(barWidth) }
        let from = min(max(0, Int(column(first))), barWidth - 1)
        let to = min(max(from + 1, Int(column(last).rounded(.up))), barWidth)
        let isShort = column(last) - column(first) < 0.5
        let sign = isShort ? "▌" : String(repeating: "█", count: to - from)
        return String(repeating: " ", count: from) + sign
    }

    /// The lines in columns.
    func text(_ lines: [Line]) -> String {
        let widths = (0..<3).map { column in lines.reduce(0) { max($0, $1.figures[column].columns) } }
        let rest = ([barWidth] + widths).reduce(0) { $0 + ($1 > 0 ? $1 + Self.gap.count : 0) }
        let natural = lines.reduce(0) { max($0, ($1.rails + $1.label + $1.note).columns) }
        let name = min(natural, place.width.map { max(Self.leastName, $0 - rest) } ?? Self.mostUnbound)
        return lines.map { text($0, name, widths) + "\n" }.joined()
    }

    private func text(_ line: Line, _ name: Int, _ widths: [Int]) -> String {
        var (label, note) = (line.label, line.note)
        if place.width != nil {
            let room = max(1, name - line.rails.columns)
            // A long name leaves room for what went wrong, a long failure for the name.
            note = note.fitted(to: max(min(note.columns, room / 2), room - label.columns))
            label = label.fitted(to: max(1, room - note.columns))
        }
        let used = (line.rails + label + note).columns
        var text = TextStyle.dim.apply(line.rails, place) + line.style.apply(label, place)
        text += (line.style == .red ? TextStyle.red : .dim).apply(note, place)
        text += String(repeating: " ", count: max(0, name - used))
        if barWidth > 0 { text += Self.gap + line.barStyle.apply(line.bar.padded(to: barWidth), place) }
        for (figure, width) in zip(line.figures, widths) where width > 0 {
            text +=
                Self.gap
                + (line.isCounted ? TextStyle.plain : .dim).apply(figure.padded(to: width, isRight: true), place)
        }
        while text.last == " " { text.removeLast() }
        return text
    }
}
