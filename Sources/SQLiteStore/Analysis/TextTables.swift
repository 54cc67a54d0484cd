// TextTables.swift - the tables of the text index: made when they are needed, retired as a whole.

import TraceStore

/// The SQL of the tables `text_N`.
enum TextTables {
    /// Words come cut and in lower case, so that a space alone ends a token; accents and other cases are folded.
    ///
    /// No content, no positions, no sizes: a row id for each word, nothing else.
    private static let options = """
        content='', detail=none, columnsize=0, \
        tokenize="unicode61 remove_diacritics 2 categories 'L* M* N* P* S* Z* C*' separators ' '"
        """

    static func name(_ number: Int64) -> String { "text_\(number)" }

    /// Makes a table that merges sixteen segments at a time: a third of the default's work, which waiting slices pay for.
    ///
    /// The other setting keeps SQLite from merging a whole level within one transaction before that.
    static func creation(_ number: Int64) -> String {
        """
        CREATE VIRTUAL TABLE \(name(number)) USING fts5(words, \(options));
        INSERT INTO \(name(number))(\(name(number)), rank) VALUES('automerge', 16);
        INSERT INTO \(name(number))(\(name(number)), rank) VALUES('crisismerge', 48)
        """
    }

    /// Selects the names of the tables in use.
    static let listSQL = """
        SELECT name FROM sqlite_schema
        WHERE type='table' AND name GLOB 'text_[0-9]*' AND sql LIKE 'CREATE VIRTUAL TABLE%'
        """

    /// Selects the names of the tables that are on their way out.
    static let retiredSQL = """
        SELECT name FROM sqlite_schema
        WHERE type='table' AND name GLOB 'retired_text_[0-9]*' AND sql LIKE 'CREATE VIRTUAL TABLE%'
        """

    /// The number in the name of a table in use.
    static func number(of name: String) -> Int64? { Int64(name.dropFirst("text_".count)) }

    /// Takes a table out of use, in the open transaction; what it holds is removed later, in slices.
    static func retire(_ number: Int64, in connection: SQLiteConnection) throws(StoreError) {
        var suffix = 0
        let retired = try names(retiredSQL, connection)
        while retired.contains("retired_\(name(number))_\(suffix)") { suffix += 1 }
        try connection.execute("ALTER TABLE \(name(number)) RENAME TO retired_\(name(number))_\(suffix)")
    }

    static func names(_ sql: String, _ connection: SQLiteConnection) throws(StoreError) -> [String] {
        let search = try SQLiteStatement(connection, sql)
        var names: [String] = []
        while try search.step() { names.append(search.text(0)) }
        return names
    }
}

/// Removes what retired tables hold, some rows in each transaction.
struct TextSweeper {
    /// Rows of about 4 KB removed in one transaction.
    private static let slice = 32

    private var tables: [String]
    private var isDropped = false

    init(_ connection: SQLiteConnection) throws(StoreError) {
        tables = try TextTables.names(TextTables.retiredSQL, connection)
    }

    /// Whether anything is left to remove.
    var isDue: Bool { !tables.isEmpty }

    /// Looks for retired tables again.
    mutating func refresh(_ connection: SQLiteConnection) throws(StoreError) {
        tables = try TextTables.names(TextTables.retiredSQL, connection)
    }

    /// Removes the next rows in the open transaction, in the end the table itself.
    mutating func advance(_ connection: SQLiteConnection) throws(StoreError) {
        guard let table = tables.last else { return }
        // The first rows describe the others: without them the table could not even be dropped.
        let delete = try SQLiteStatement(
            connection,
            """
            DELETE FROM \(table)_data WHERE id IN
                (SELECT id FROM \(table)_data WHERE id > 10 ORDER BY id DESC LIMIT \(Self.slice))
            """
        )
        try delete.run()
        guard connection.changes == 0 else { return }
        try connection.execute("DROP TABLE \(table)")
        isDropped = true
    }

    mutating func commit() {
        if isDropped { tables.removeLast() }
        isDropped = false
    }

    mutating func rollback() {
        isDropped = false
    }
}
