// PriceFileReader.swift - the price file, member by member.

/// Reads a price file of schema 1; every member has to be a known one, since an unknown one could change a price.
struct PriceFileReader {
    var json: JSONReader
    var table = PriceTable()
    /// The names of the fallback providers, known as providers only at the end.
    private var fallback: [[String]] = []
    /// Where the reader is, for errors.
    var provider = ""
    var model = ""

    /// Reads the bytes, which have to outlive the reader.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        json = JSONReader(bytes)
    }

    /// Reads the whole file.
    mutating func read() throws(PriceError) -> PriceTable {
        var schema: String?
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "schema":
                schema = String(decoding: try json.number(), as: UTF8.self)
                if schema != "1" { throw PriceError("schema", "only schema 1 can be read") }
            case "currency": try expect("USD", at: key)
            case "unit": try expect("per_million_tokens", at: key)
            case "as_of":
                table.asOf = try json.string()
                if CalendarDay(table.asOf) == nil { throw PriceError(key, "no day, such as 2026-01-31") }
            case "sources": try readSources()
            case "providers": try readProviders()
            default: throw PriceError(key, "no member of a price file")
            }
        }
        try json.end()
        guard schema != nil else { throw PriceError("schema", "missing") }
        guard !table.asOf.isEmpty else { throw PriceError("as_of", "missing") }
        guard !table.providers.isEmpty else { throw PriceError("providers", "missing") }
        try resolveFallback()
        return table
    }

    private mutating func expect(_ wanted: String, at place: String) throws(PriceError) {
        guard try json.string() == wanted else { throw PriceError(place, "only \(wanted) can be read") }
    }

    private mutating func readSources() throws(PriceError) {
        try json.beginArray()
        while try json.nextElement() {
            var members: [String: String] = [:]
            try json.beginObject()
            while let key = try json.nextKey() { members[key] = try json.string() }
            table.sources.append(
                PriceSource(
                    name: members["name"] ?? "",
                    version: members["version"] ?? "",
                    licence: members["licence"] ?? ""
                )
            )
        }
    }

    private mutating func readProviders() throws(PriceError) {
        try json.beginArray()
        while try json.nextElement() {
            provider = ""
            model = ""
            try readProvider()
        }
    }

    private mutating func readProvider() throws(PriceError) {
        try json.beginObject()
        // Whatever belongs to a provider needs its name, so that comes first.
        guard try json.nextKey() == "id" else { throw PriceError(place(), "a provider begins with its id") }
        provider = try json.string()
        let number = table.providers.count
        guard !table.providers.contains(where: { $0.id == provider }) else {
            throw PriceError(place(), "there are two providers of this name")
        }
        table.providers.append(ProviderCard(id: provider))
        fallback.append([])
        addAlias(provider, of: number)
        let firstLoose = table.looseRules.count
        while let key = try json.nextKey() {
            switch key {
            case "aliases": for alias in try strings() { addAlias(alias, of: number) }
            case "hosts": table.providers[number].hosts = try strings().map { $0.utf8.map(\.asciiLowercased) }
            case "infer": table.providers[number].infer = try readRules("infer")
            case "fallback": fallback[number] = try strings()
            case "models": try readModels(of: number)
            default: throw PriceError(place(key), "no member of a provider")
            }
        }
        table.providers[number].looseRules = firstLoose..<table.looseRules.count
    }

    private mutating func addAlias(_ alias: String, of number: Int) {
        let name = alias.lowercased()
        if table.aliases[name] == nil { table.aliases[name] = number }
    }

    private mutating func resolveFallback() throws(PriceError) {
        for (number, names) in fallback.enumerated() {
            for name in names {
                guard let other = table.providers.firstIndex(where: { $0.id == name }) else {
                    throw PriceError("\(table.providers[number].id) fallback", "there is no provider \(name)")
                }
                table.providers[number].fallback.append(other)
            }
        }
    }

    mutating func strings() throws(PriceError) -> [String] {
        var result: [String] = []
        try json.beginArray()
        while try json.nextElement() { result.append(try json.string()) }
        return result
    }

    /// Reads a list of rules; gives the numbers of those on its top level.
    mutating func readRules(_ part: String, depth: Int = 0) throws(PriceError) -> [Int] {
        guard depth < 4 else { throw PriceError(place(part), "rules inside rules, more than four deep") }
        var numbers: [Int] = []
        try json.beginArray()
        while try json.nextElement() {
            numbers.append(table.rules.count)
            try json.beginObject()
            guard let name = try json.nextKey() else { throw PriceError(place(part), "an empty rule") }
            guard let test = NameRules.Test(name: name) else {
                throw PriceError(place(part), "there is no rule '\(name)'")
            }
            if test == .all {
                let number = table.rules.openAll()
                guard try !readRules(part, depth: depth + 1).isEmpty else {
                    throw PriceError(place(part), "'all' without rules")
                }
                table.rules.closeAll(number)
            } else {
                let text = try json.string()
                guard (1...256).contains(text.utf8.count) else {
                    throw PriceError(place(part), "'\(name)' needs a text of 1 to 256 bytes")
                }
                table.rules.append(test, text)
            }
            guard try json.nextKey() == nil else { throw PriceError(place(part), "a rule has one member") }
        }
        return numbers
    }

    /// Where the reader is: provider, model, and the part of it.
    func place(_ part: String = "") -> String {
        let parts = [provider.isEmpty ? "providers[\(table.providers.count)]" : provider, model, part]
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
