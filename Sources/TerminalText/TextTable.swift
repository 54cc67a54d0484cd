// TextTable.swift - columns under their headings, in the width there is.

/// A column of a table.
struct TextColumn {
    /// Its heading.
    var heading: String
    /// Whether its cells stand at the right, as numbers do.
    var isNumber = false
    /// Columns below which it is not made narrower; nil when it is never cut.
    var least: Int?
    /// Whether it is left out when everything else is as narrow as it can be; those with the greatest number first.
    var leftOut = 0
}

/// A cell of a table.
struct TextCell {
    /// Harmless text on one line.
    var text: String
    /// Its style.
    var style = TextStyle.plain

    /// Makes a cell of harmless text.
    init(_ text: String, _ style: TextStyle = .plain) {
        self.text = text
        self.style = style
    }
}

/// Columns under their headings.
struct TextTable {
    let columns: [TextColumn]
    var rows: [[TextCell]] = []

    private static let gap = "  "

    /// The table in the width of a place.
    func text(_ place: TextPlace) -> String {
        var shown = Array(columns.indices)
        var widths = columns.indices.map { column in
            rows.reduce(columns[column].heading.columns) { max($0, $1[column].text.columns) }
        }
        if let width = place.width { fit(width, &shown, &widths) }
        let heading = columns.map { TextCell($0.heading, .dim) }
        return ([heading] + rows).map { line($0, shown, widths, place) }.joined()
    }

    private func fit(_ width: Int, _ shown: inout [Int], _ widths: inout [Int]) {
        func excess() -> Int { shown.reduce(-Self.gap.count) { $0 + widths[$1] + Self.gap.count } - width }
        while true {
            // What is widest gives first, so that short cells stay whole.
            while excess() > 0 {
                let wide = shown.filter { widths[$0] > columns[$0].least ?? .max }
                guard let widest = wide.max(by: { widths[$0] < widths[$1] }) else { break }
                widths[widest] -= 1
            }
            guard excess() > 0,
                let last = shown.filter({ columns[$0].leftOut > 0 })
                    .max(by: { columns[$0].leftOut < columns[$1].leftOut })
            else { return }
            shown.removeAll { $0 == last }
        }
    }

    private func line(_ cells: [TextCell], _ shown: [Int], _ widths: [Int], _ place: TextPlace) -> String {
        var text = ""
        for (index, column) in shown.enumerated() {
            let cell = cells[column]
            let fitted = cell.text.fitted(to: widths[column])
            let space = String(repeating: " ", count: max(0, widths[column] - fitted.columns))
            let styled = cell.style.apply(fitted, place)
            if index > 0 { text += Self.gap }
            let isLast = index == shown.count - 1
            text += columns[column].isNumber ? space + styled : styled + (isLast ? "" : space)
        }
        return text + "\n"
    }
}
