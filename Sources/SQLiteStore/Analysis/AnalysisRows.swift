// AnalysisRows.swift - what was found in parts into rows, on the writer's thread.

import TraceModel
import TraceStore

/// Writes slices; belongs to the writer's thread.
struct AnalysisRows {
    private var tools = NameTable("tools")
    /// The table that documents were last added to, with its statement.
    private var open: (number: Int64, insert: SQLiteStatement)?
    private var take = KeptStatement("DELETE FROM pending WHERE part_id=?")
    private var insertHashes = KeptStatement("INSERT OR REPLACE INTO attributes(part_id, hashes) VALUES(?, ?)")
    private var insertPrompt = KeptStatement("INSERT OR REPLACE INTO prompts(call_id, hash) VALUES(?, ?)")
    private var insertPreview = KeptStatement("INSERT OR IGNORE INTO prompts(call_id, hash) VALUES(?, ?)")
    private var insertTool = KeptStatement(
        """
        INSERT INTO tool_runs(trace_no, span_id, tool_id, project_id, start_ns, duration_ns, status)
        VALUES(?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT(trace_no, span_id) DO UPDATE SET tool_id=excluded.tool_id, start_ns=excluded.start_ns,
            duration_ns=excluded.duration_ns, status=excluded.status
        WHERE excluded.start_ns + excluded.duration_ns >= tool_runs.start_ns + tool_runs.duration_ns
        """
    )

    /// Writes what was found in parts that still wait, in the open transaction.
    mutating func write(_ parts: [AnalysedPart], in connection: SQLiteConnection) throws(StoreError) {
        var documents: [TextDocument] = []
        for part in parts {
            let take = try take.on(connection)
            take.bind(1, part.key)
            try take.run()
            // One that does not wait any more was deleted meanwhile.
            guard connection.changes > 0 else { continue }
            try save(part, connection)
            documents += part.documents
        }
        try save(documents, connection)
    }

    private mutating func save(_ part: AnalysedPart, _ connection: SQLiteConnection) throws(StoreError) {
        guard let hashes = part.hashes else { return }
        try save(hashes: hashes, ofPart: part.key, connection)
        for prompt in part.prompts { try save(prompt, connection) }
        for run in part.tools { try save(run, of: part.key >> 24, project: part.project, connection) }
    }

    /// Writes the stored form of what the spans of a part can be found by.
    mutating func save(hashes: [UInt8], ofPart key: Int64, _ connection: SQLiteConnection) throws(StoreError) {
        let insert = try insertHashes.on(connection)
        insert.bind(1, key)
        try insert.run(2, borrowing: hashes)
    }

    /// Writes the prompt of a call.
    mutating func save(_ prompt: PromptRow, _ connection: SQLiteConnection) throws(StoreError) {
        let insert = try prompt.isPreview ? insertPreview.on(connection) : insertPrompt.on(connection)
        insert.bind(1, prompt.call)
        insert.bind(2, prompt.hash)
        try insert.run()
    }

    /// Writes the run of a tool, unless a later version of its span is there.
    mutating func save(
        _ run: ToolRunRow,
        of trace: Int64,
        project: Int64,
        _ connection: SQLiteConnection
    ) throws(StoreError) {
        guard let tool = try tools.id(of: run.name, in: connection) else { return }
        let insert = try insertTool.on(connection)
        insert.bind(1, trace)
        insert.bind(2, id: run.span)
        insert.bind(3, tool)
        insert.bind(4, project)
        insert.bind(5, run.start)
        insert.bind(6, run.duration)
        insert.bind(7, Int64(run.status.rawValue))
        try insert.run()
    }

    /// Adds documents in the order of their keys: FTS5 begins a new segment whenever one is not greater than the last.
    private mutating func save(_ documents: [TextDocument], _ connection: SQLiteConnection) throws(StoreError) {
        let sorted = documents.sorted { $0.key < $1.key }
        var place = 0
        while place < sorted.count {
            var document = sorted[place]
            place += 1
            while place < sorted.count, sorted[place].key == document.key {
                document.words += [UInt8(ascii: " ")] + sorted[place].words
                place += 1
            }
            let insert = try insert(into: TextKey.table(of: document.key), connection)
            insert.bind(1, document.key)
            insert.bind(2, text: document.words)
            try insert.run()
        }
    }

    private mutating func insert(into number: Int64, _ connection: SQLiteConnection) throws(StoreError)
        -> SQLiteStatement
    {
        if let open, open.number == number { return open.insert }
        if try !TextTables.names(TextTables.listSQL, connection).contains(TextTables.name(number)) {
            try connection.execute(TextTables.creation(number))
        }
        let made = try SQLiteStatement(connection, "INSERT INTO \(TextTables.name(number))(rowid, words) VALUES(?, ?)")
        open = (number, made)
        return made
    }

    /// Lets go of the table that documents were last added to, which is about to be renamed or is not there for good.
    mutating func forgetTable() {
        open = nil
    }

    mutating func commit() {
        tools.commit()
    }

    mutating func rollback() {
        tools.rollback()
        forgetTable()
    }
}
