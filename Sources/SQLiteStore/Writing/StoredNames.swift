// StoredNames.swift - the tables of names that rows refer to by number.

import TraceStore

/// The tables of names that rows refer to by number.
///
/// Belongs to the writer's thread.
final class StoredNames {
    private var services = NameTable("services")
    private var providers = NameTable("providers")
    private var models = NameTable("models")
    private var operations = NameTable("operations")
    private var prices = NameTable("prices")

    /// The number of a service; nil for none.
    func service(_ name: String?, _ connection: SQLiteConnection) throws(StoreError) -> Int64? {
        guard let name else { return nil }
        return try services.id(of: name, in: connection)
    }

    /// The number of a provider; nil for none.
    func provider(_ name: String?, _ connection: SQLiteConnection) throws(StoreError) -> Int64? {
        guard let name else { return nil }
        return try providers.id(of: name, in: connection)
    }

    /// The number of a model; nil for none.
    func model(_ name: String?, _ connection: SQLiteConnection) throws(StoreError) -> Int64? {
        guard let name else { return nil }
        return try models.id(of: name, in: connection)
    }

    /// The number of an operation; nil for none.
    func operation(_ name: String?, _ connection: SQLiteConnection) throws(StoreError) -> Int64? {
        guard let name else { return nil }
        return try operations.id(of: name, in: connection)
    }

    /// The number of a price; nil for none.
    func price(_ name: String?, _ connection: SQLiteConnection) throws(StoreError) -> Int64? {
        guard let name else { return nil }
        return try prices.id(of: name, in: connection)
    }

    /// The names added since are in the file for good.
    func commit() {
        services.commit()
        providers.commit()
        models.commit()
        operations.commit()
        prices.commit()
    }

    /// The names added since are not in the file.
    func rollback() {
        services.rollback()
        providers.rollback()
        models.rollback()
        operations.rollback()
        prices.rollback()
    }
}
