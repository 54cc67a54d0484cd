// SpanTable.swift - spans as a table that SQLite can read (https://www.sqlite.org/vtab.html).

import GRDBSQLite
import TraceModel
import TraceStore

/// The table `spans` of a connection.
enum SpanTable {
    /// Makes the table known; it is there without being created, and gone with the connection.
    static func add(to connection: SQLiteConnection, _ source: SpanSource) throws(StoreError) {
        let module = SpanModule(source)
        let code = sqlite3_create_module_v2(
            connection.handle,
            "spans",
            module.functions,
            Unmanaged.passRetained(module).toOpaque()
        ) { module in
            // SQLite calls this once, also when it refuses the module.
            if let module { Unmanaged<SpanModule>.fromOpaque(module).release() }
        }
        guard code == SQLITE_OK else { throw connection.failure() }
    }
}

/// What SQLite keeps of the table while the connection is open.
private final class SpanModule {
    let source: SpanSource
    /// SQLite keeps the address, and lets go of it before it lets go of this object.
    let functions: UnsafeMutablePointer<sqlite3_module>

    init(_ source: SpanSource) {
        self.source = source
        functions = .allocate(capacity: 1)
        functions.initialize(to: Self.made())
    }

    deinit {
        functions.deallocate()
    }

    /// Without `xCreate`, so that the table is there under its own name; without `xUpdate`, so that it is read alone.
    private static func made() -> sqlite3_module {
        var module = sqlite3_module()
        module.xConnect = { connection, module, _, _, table, _ in
            guard let module, let table else { return SQLITE_ERROR }
            let code = sqlite3_declare_vtab(connection, SpanColumn.declaration)
            guard code == SQLITE_OK else { return code }
            let known = Unmanaged<SpanModule>.fromOpaque(module).takeUnretainedValue()
            table.pointee = SQLiteObject.make(sqlite3_vtab(), with: known)
            return SQLITE_OK
        }
        module.xDisconnect = { table in
            if let table { SQLiteObject.free(table) }
            return SQLITE_OK
        }
        module.xBestIndex = { _, query in
            if let query { SpanPlan.choose(query) }
            return SQLITE_OK
        }
        module.xOpen = { table, cursor in
            guard let table, let cursor else { return SQLITE_ERROR }
            let module = SQLiteObject.object(of: table, as: SpanModule.self)
            cursor.pointee = SQLiteObject.make(sqlite3_vtab_cursor(), with: SpanCursor(module.source))
            return SQLITE_OK
        }
        module.xClose = { cursor in
            if let cursor { SQLiteObject.free(cursor) }
            return SQLITE_OK
        }
        addReading(to: &module)
        return module
    }

    private static func addReading(to module: inout sqlite3_module) {
        module.xFilter = { cursor, plan, _, count, values in
            SpanModule.moving(cursor) { cursor throws(StoreError) in
                let arguments = (0..<Int(count)).map { SQLValue(argument: values?[$0]) }
                try cursor.start(SpanSearch(SpanPlan(rawValue: plan), arguments))
            }
        }
        module.xNext = { cursor in
            SpanModule.moving(cursor) { cursor throws(StoreError) in try cursor.advance() }
        }
        module.xEof = { cursor in
            guard let cursor else { return 1 }
            return SQLiteObject.object(of: cursor, as: SpanCursor.self).isAtEnd ? 1 : 0
        }
        module.xColumn = { cursor, context, column in
            guard let cursor, let column = SpanColumn(rawValue: column) else { return SQLITE_ERROR }
            do throws(StoreError) {
                try SQLiteObject.object(of: cursor, as: SpanCursor.self).value(column).give(to: context)
                return SQLITE_OK
            } catch {
                sqlite3_result_error(context, error.message, -1)
                return SQLITE_ERROR
            }
        }
        module.xRowid = { cursor, number in
            guard let cursor else { return SQLITE_ERROR }
            number?.pointee = SQLiteObject.object(of: cursor, as: SpanCursor.self).rowID
            return SQLITE_OK
        }
    }

    /// Moves a cursor; what goes wrong becomes the message of the query's error.
    private static func moving(
        _ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?,
        _ body: (SpanCursor) throws(StoreError) -> Void
    ) -> Int32 {
        guard let cursor else { return SQLITE_ERROR }
        do throws(StoreError) {
            try body(SQLiteObject.object(of: cursor, as: SpanCursor.self))
            return SQLITE_OK
        } catch {
            let table = cursor.pointee.pVtab
            sqlite3_free(table?.pointee.zErrMsg)
            table?.pointee.zErrMsg = error.message.copiedForSQLite()
            return SQLITE_ERROR
        }
    }
}
