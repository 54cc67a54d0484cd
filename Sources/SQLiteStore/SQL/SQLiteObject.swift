// SQLiteObject.swift - Swift objects behind structs of SQLite.

import GRDBSQLite

/// Puts a reference to an object behind a struct that SQLite hands around by its address.
///
/// The struct comes first in the memory, as SQLite wants it ("subclassing" in https://www.sqlite.org/vtab.html).
enum SQLiteObject {
    /// Makes such a struct; it owns the object until it is freed.
    static func make<Head>(_ head: Head, with object: AnyObject) -> UnsafeMutablePointer<Head> {
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: place(behind: Head.self) + MemoryLayout<UnsafeMutableRawPointer>.size,
            alignment: 16
        )
        let reference = Unmanaged.passRetained(object).toOpaque()
        memory.storeBytes(of: reference, toByteOffset: place(behind: Head.self), as: UnsafeMutableRawPointer.self)
        return memory.initializeMemory(as: Head.self, to: head)
    }

    /// The object behind a struct that `make` gave, of the type that it was given.
    static func object<Head, Object: AnyObject>(of head: UnsafeMutablePointer<Head>, as type: Object.Type) -> Object {
        Unmanaged<Object>.fromOpaque(reference(head)).takeUnretainedValue()
    }

    /// Frees the struct and lets go of the object.
    static func free<Head>(_ head: UnsafeMutablePointer<Head>) {
        Unmanaged<AnyObject>.fromOpaque(reference(head)).release()
        UnsafeMutableRawPointer(head).deallocate()
    }

    private static func reference<Head>(_ head: UnsafeMutablePointer<Head>) -> UnsafeMutableRawPointer {
        UnsafeRawPointer(head).load(fromByteOffset: place(behind: Head.self), as: UnsafeMutableRawPointer.self)
    }

    private static func place<Head>(behind _: Head.Type) -> Int {
        (MemoryLayout<Head>.size + 15) & ~15
    }
}

extension String {
    /// A copy that SQLite frees; nil when there is no memory.
    func copiedForSQLite() -> UnsafeMutablePointer<CChar>? {
        let text = utf8CString
        guard let memory = sqlite3_malloc64(UInt64(text.count)) else { return nil }
        text.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: memory, count: $0.count).copyMemory(from: $0) }
        return memory.bindMemory(to: CChar.self, capacity: text.count)
    }
}
