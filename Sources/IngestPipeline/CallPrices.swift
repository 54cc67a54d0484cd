// CallPrices.swift - what calls cost by the price table.

import NIOConcurrencyHelpers
public import Pricing
import TraceModel

/// Computes the costs of calls; keeps what was found for models that come again, for as many tasks as ask at once.
public struct CallPrices: Sendable {
    private let table: PriceTable
    private let idle: NIOLockedValueBox<[Work]>
    private static let tooLow: CostFlags = [.contradictory, .incomplete, .unpricedPart, .saturated]
    /// More are not kept.
    private static let mostIdle = 8

    /// Makes prices of a table.
    public init(_ table: PriceTable) {
        self.table = table
        idle = NIOLockedValueBox([])
    }

    /// What one task uses at a time.
    private struct Work {
        var prices: RecentPrices
        var labels = PriceLabels()
    }

    /// Fills the computed costs of calls, and the prices that they were computed with.
    ///
    /// - Parameters:
    ///   - calls: The calls of a batch.
    ///   - start: When the call at a place started, in nanoseconds since the Unix epoch.
    func fill(_ calls: inout [LLMCall], start: (_ place: Int) -> Int64) {
        guard !calls.isEmpty else { return }
        var work = idle.withLockedValue { $0.popLast() } ?? Work(prices: RecentPrices(table))
        for place in calls.indices where calls[place].usage.isKnown && !calls[place].isFromGatewayCache {
            let query = PriceQuery(
                // What was concluded from the model's name does not speak against the server.
                provider: calls[place].serverAddress == nil ? calls[place].provider : nil,
                host: calls[place].serverAddress,
                responseModel: calls[place].responseModel,
                requestModel: calls[place].requestModel
            )
            let tier = calls[place].serviceTier.flatMap(PriceVariant.init(serviceTier:))
            var usage = PricedUsage(calls[place].usage, time: start(place), variant: tier)
            usage.cacheWrite1h = calls[place].usage.cacheWriteOneHour
            usage.inputAudio = calls[place].usage.audioInput
            usage.outputAudio = calls[place].usage.audioOutput
            // An amount that is known to be too low is no cost.
            guard let cost = work.prices.cost(of: query, usage), cost.flags.isDisjoint(with: Self.tooLow) else {
                continue
            }
            calls[place].costComputed = cost.amount
            calls[place].price = work.labels.label(of: cost)
        }
        idle.withLockedValue { [work] in if $0.count < Self.mostIdle { $0.append(work) } }
    }
}
