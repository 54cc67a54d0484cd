// RowTable.swift - rows of queries in columns, while they come.

public import TraceModel

/// Rows of SQL queries in columns under their headings.
///
/// The first rows decide how wide the columns are; then each row is written as it comes. What does not fit the width of
/// a terminal is cut; in a file or pipe nothing is. Null shows as `-`.
public struct RowTable: SQLRowFormat {
    private let place: TextPlace
    private var columns: [Column] = []
    /// The first rows, until the widths are known.
    private var waiting: [[Cell]] = []
    private var waitingBytes = 0
    private var isMeasured = false
    private var isFirst = true

    private struct Column {
        var heading: String
        var width = 0
        var isNumber = true
        var hasNumber = false
    }

    private struct Cell {
        var text: String
        var isNumber = false
        var isNull = false
    }

    private static let gap = "  "
    /// Rows, and bytes of them, that are looked at before the first is written.
    private static let mostRows = 256
    private static let mostBytes = 1 << 20
    /// Widest column that rows in a file are filled up to; longer cells are whole and move what follows.
    private static let widest = 80
    /// A column of a terminal is not made narrower.
    private static let narrowest = 8

    /// Makes an empty table.
    public init(_ place: TextPlace) {
        self.place = place
    }

    /// See `SQLRowFormat`.
    public mutating func begin(_ columns: [String]) -> [UInt8] {
        self.columns = columns.map { Column(heading: text(Array($0.utf8))) }
        waiting = []
        waitingBytes = 0
        isMeasured = false
        defer { isFirst = false }
        return isFirst ? [] : [0x0A]
    }

    /// See `SQLRowFormat`.
    public mutating func row(_ values: [SQLValue]) -> [UInt8] {
        let cells = values.map(cell)
        guard !isMeasured else { return Array(line(cells).utf8) }
        waiting.append(cells)
        waitingBytes += cells.reduce(0) { $0 + $1.text.utf8.count }
        return waiting.count < Self.mostRows && waitingBytes < Self.mostBytes ? [] : measured()
    }

    /// See `SQLRowFormat`.
    public mutating func end() -> [UInt8] {
        isMeasured ? [] : measured()
    }

    /// Decides on the widths, and gives what waited for that.
    private mutating func measured() -> [UInt8] {
        isMeasured = true
        for index in columns.indices {
            columns[index].width = columns[index].heading.columns
            for cells in waiting where index < cells.count {
                columns[index].width = max(columns[index].width, cells[index].text.columns)
                if !cells[index].isNull { columns[index].isNumber = columns[index].isNumber && cells[index].isNumber }
                if cells[index].isNumber { columns[index].hasNumber = true }
            }
            columns[index].width = min(columns[index].width, place.width ?? Self.widest)
        }
        fit()
        let lines = waiting.map(line).joined()
        waiting = []
        let heading = columns.map { Cell(text: $0.heading) }
        return Array((line(heading, .dim) + lines).utf8)
    }

    /// Takes from the widest column until the rows fit.
    private mutating func fit() {
        guard let width = place.width else { return }
        var excess = columns.reduce(-Self.gap.count) { $0 + $1.width + Self.gap.count } - width
        while excess > 0, let widest = columns.indices.max(by: { columns[$0].width < columns[$1].width }),
            columns[widest].width > Self.narrowest
        {
            columns[widest].width -= 1
            excess -= 1
        }
    }

    private func line(_ cells: [Cell]) -> String {
        line(cells, .plain)
    }

    private func line(_ cells: [Cell], _ style: TextStyle) -> String {
        var line = ""
        for (index, (column, cell)) in zip(columns, cells).enumerated() {
            let text = place.width == nil ? cell.text : cell.text.fitted(to: column.width)
            let space = String(repeating: " ", count: max(0, column.width - text.columns))
            let styled = (cell.isNull ? .dim : style).apply(text, place)
            if index > 0 { line += Self.gap }
            let isRight = column.isNumber && column.hasNumber
            line += isRight ? space + styled : styled + (index == columns.count - 1 ? "" : space)
        }
        return line + "\n"
    }

    private func cell(_ value: SQLValue) -> Cell {
        switch value {
        case .null: Cell(text: Figures.unknown, isNull: true)
        case .integer(let number): Cell(text: "\(number)", isNumber: true)
        case .real(let number): Cell(text: "\(number)", isNumber: true)
        case .text(let bytes): Cell(text: text(bytes))
        case .blob(let bytes): Cell(text: hex(bytes))
        }
    }

    /// Harmless text on one line; of long text in a terminal only what may be seen.
    private func text(_ bytes: [UInt8]) -> String {
        guard let most, bytes.count > most else { return SafeText.line(String(decoding: bytes, as: UTF8.self)) }
        var end = most
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return SafeText.line(String(decoding: bytes[..<end], as: UTF8.self)) + "…"
    }

    private func hex(_ bytes: [UInt8]) -> String {
        let shown = bytes.prefix(most ?? bytes.count)
        return shown.hexText + (shown.count < bytes.count ? "…" : "")
    }

    /// Bytes of which more cannot be seen in a line of the terminal; nil where nothing is cut.
    private var most: Int? { place.width.map { max(64, $0 * 8) } }
}
