// PriceTable+JSON.swift - reads a price file.

import CAssets

extension PriceTable {
    /// The table that is part of the program, read when it is first asked for.
    ///
    /// - Throws: `PriceError`, which does not happen with a program that passed its tests.
    public static func embedded() throws(PriceError) -> PriceTable {
        try readEmbedded.get()
    }

    private static let readEmbedded: Result<PriceTable, PriceError> = {
        var size = 0
        let start = skein_prices_json(&size)
        do throws(PriceError) {
            return .success(try PriceTable(json: UnsafeBufferPointer(start: start, count: size)))
        } catch {
            return .failure(error)
        }
    }()

    /// Reads a price file of schema 1.
    ///
    /// - Parameter json: the file, UTF-8; nothing of it is kept.
    /// - Throws: `PriceError` that names the first thing that cannot be understood, and where.
    public init(json: UnsafeBufferPointer<UInt8>) throws(PriceError) {
        var reader = PriceFileReader(json)
        self = try reader.read()
    }

    /// Reads a price file of schema 1.
    ///
    /// - Parameter json: the file, UTF-8.
    /// - Throws: `PriceError` that names the first thing that cannot be understood, and where.
    public init(json: [UInt8]) throws(PriceError) {
        let result: Result<PriceTable, PriceError> = json.withUnsafeBufferPointer { bytes in
            do throws(PriceError) {
                return .success(try PriceTable(json: bytes))
            } catch {
                return .failure(error)
            }
        }
        self = try result.get()
    }
}
