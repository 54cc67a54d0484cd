// PriceFileReader+Models.swift - the models of a price file and their prices.

extension PriceFileReader {
    /// Reads the models of a provider.
    mutating func readModels(of number: Int) throws(PriceError) {
        try json.beginArray()
        while try json.nextElement() {
            model = ""
            try readModel(of: number)
        }
        model = ""
    }

    private mutating func readModel(of number: Int) throws(PriceError) {
        try json.beginObject()
        guard try json.nextKey() == "id" else { throw PriceError(place(), "a model begins with its id") }
        model = try json.string()
        let card = table.cards.count
        var context: Int64?
        var draft = ModelDraft()
        while let key = try json.nextKey() {
            switch key {
            case "match":
                for rule in try readRules("match") { addRule(rule, provider: number, card: card) }
            case "context": context = try readCount("context")
            case "prices": draft.rows = try readRows()
            case "variants": draft.variants = try readVariants()
            default: throw PriceError(place(key), "no member of a model")
            }
        }
        guard !draft.rows.isEmpty else { throw PriceError(place("prices"), "missing") }
        let (rows, variants) = table.prices.append(draft)
        table.cards.append(
            ModelCard(
                provider: provider,
                id: model,
                context: context,
                rows: rows,
                variants: variants,
                isCustom: false
            )
        )
    }

    private mutating func addRule(_ rule: Int, provider number: Int, card: Int) {
        if table.rules.exactText(of: rule) != nil {
            table.exactNames.insert(provider: number, rule: rule, card: card, rules: table.rules)
        } else {
            table.looseRules.append(LooseRule(rule: Int32(rule), card: Int32(card)))
        }
    }

    private mutating func readRows() throws(PriceError) -> [ModelDraft.Row] {
        var rows: [ModelDraft.Row] = []
        try json.beginArray()
        while try json.nextElement() {
            let part = "prices[\(rows.count)]"
            var row = ModelDraft.Row()
            try json.beginObject()
            while let key = try json.nextKey() {
                switch key {
                case "from": row.from = try readDay(part)
                case "utc": row.window = try readWindow(part)
                default: try readPrice(key, into: &row.rates, part)
                }
            }
            rows.append(row)
        }
        return rows
    }

    private mutating func readVariants() throws(PriceError) -> [(PriceVariant, RateDraft)] {
        var variants: [(PriceVariant, RateDraft)] = []
        try json.beginObject()
        while let name = try json.nextKey() {
            guard let variant = PriceVariant(name: name) else {
                throw PriceError(place("variants"), "there is no variant '\(name)'")
            }
            var draft = RateDraft()
            try json.beginObject()
            while let key = try json.nextKey() { try readPrice(key, into: &draft, "variants.\(name)") }
            variants.append((variant, draft))
        }
        return variants
    }

    private mutating func readPrice(_ key: String, into draft: inout RateDraft, _ part: String) throws(PriceError) {
        guard key == "tiers" else {
            draft.prices.append(try readPrice(key, part))
            return
        }
        try json.beginArray()
        while try json.nextElement() {
            var above: Int64?
            var prices: [(kind: PriceKind, price: Int64)] = []
            try json.beginObject()
            while let key = try json.nextKey() {
                if key == "above" {
                    above = try readCount("\(part).above")
                } else {
                    prices.append(try readPrice(key, "\(part).tiers"))
                }
            }
            guard let above else { throw PriceError(place("\(part).tiers"), "a tier needs 'above'") }
            draft.tiers.append((above, prices))
        }
    }

    private mutating func readPrice(
        _ key: String,
        _ part: String
    ) throws(PriceError) -> (kind: PriceKind, price: Int64) {
        guard let kind = PriceKind(name: key) else {
            throw PriceError(place("\(part).\(key)"), "there is no price of this kind")
        }
        let text = try json.number()
        return (kind, try kind.price(of: text, at: place("\(part).\(key)")))
    }

    private mutating func readDay(_ part: String) throws(PriceError) -> CalendarDay? {
        guard !json.takeNull() else { return nil }
        guard let day = CalendarDay(try json.string()) else {
            throw PriceError(place("\(part).from"), "no day, such as 2026-01-31")
        }
        return day
    }

    private mutating func readWindow(_ part: String) throws(PriceError) -> DayWindow {
        let times = try strings()
        guard times.count == 2, let window = DayWindow(times[0], times[1]) else {
            throw PriceError(place("\(part).utc"), "no two different times of day, such as [\"22:00\", \"06:30\"]")
        }
        return window
    }

    private mutating func readCount(_ part: String) throws(PriceError) -> Int64 {
        let text = try json.number()
        guard let count = Int64(String(decoding: text, as: UTF8.self)), count >= 0 else {
            throw PriceError(place(part), "no count of tokens")
        }
        return count
    }
}
