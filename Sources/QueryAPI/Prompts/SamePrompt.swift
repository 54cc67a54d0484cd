// SamePrompt.swift - how often the prompt of a call is sent, and what that costs.

import GenAISemantics
import OTLPCodec
import TraceModel
import TraceStore

/// Finds the calls of the week before a call that sent the same prompt.
struct SamePrompt: Sendable {
    let reader: BoundedReader

    private static let week: Int64 = 7 * CostPerMonth.day

    /// The calls of the seven days that end with a call.
    ///
    /// - Parameters:
    ///   - hash: Of the prompt; nil gives nil.
    ///   - start: When the call started.
    ///   - project: Its project.
    /// - Returns: Nil when none is known, since prompts are looked through behind the writer, or when there are more calls
    ///   than can be looked at in time.
    /// - Throws: What the store says.
    func use(of hash: [UInt8]?, until start: Int64, in project: String) async throws -> PromptUse? {
        guard let hash else { return nil }
        var query = PromptQuery()
        query.hash = PromptHash.key(of: hash)
        query.minCount = 1
        query.calls.filter.scope = .only(project)
        query.calls.startsFrom = max(0, start - Self.week)
        query.calls.startsBefore = start == .max ? nil : start + 1
        query.calls.patience = .seconds(1)
        do {
            return try await reader.prompts(matching: query).rows.first
        } catch let error as StoreError where error.code == .tooLarge {
            return nil
        }
    }

    /// Appends what was found.
    static func append(_ use: PromptUse?, to json: inout [UInt8]) {
        guard let use else { return json.append(raw: "null") }
        json.append(raw: "{\"calls_this_week\":")
        json.appendJSON(use.count)
        json.append(member: "cost_per_month") { $0.appendJSON(CostPerMonth.cost(use.cost, in: week)) }
        json.append(raw: "}")
    }
}

/// What something costs in a month, going by a shorter or longer time.
enum CostPerMonth {
    /// A day in nanoseconds.
    static let day: Int64 = 86_400_000_000_000

    /// Scales a cost to 30 days; nil when it is unknown, or known of less than a day.
    static func cost(_ cost: PicoUSD?, in nanoseconds: Int64) -> PicoUSD? {
        guard let cost, nanoseconds >= day else { return nil }
        return PicoUSD(Int64(clamping: Int128(cost.value) * Int128(30 * day) / Int128(nanoseconds)))
    }
}
