// MaintenancePace.swift - how much of the writer's time goes to work that nobody waits for.

/// How long one slice of maintenance may take, and when the next one may begin beside a constant load.
///
/// Times are nanoseconds. Without I/O: tested as a value.
struct MaintenancePace {
    /// A slice takes at most so long, with its commit.
    static let longest: UInt64 = 20_000_000
    /// On a slow disk a commit alone takes longer than a slice may: shorter ones would only be more of them.
    private static let least: UInt64 = 5_000_000
    private static let most: UInt64 = 10_000_000
    /// What can be saved up while there is nothing to do.
    private static let mostCredit = 40_000_000.0

    /// Time for the work of a slice, before its commit.
    private(set) var budget: UInt64 = 6_000_000
    private var credit = 0.0

    /// Takes note of a transaction of requests.
    mutating func note(request nanoseconds: UInt64, share: Double) {
        credit = min(credit + Double(nanoseconds) * share, Self.mostCredit)
    }

    /// Whether a slice may begin while requests wait.
    var isAllowed: Bool { credit >= Double(budget) }

    /// Takes note of a slice, so that the next ones stay within the limit.
    mutating func note(slice nanoseconds: UInt64, isIdle: Bool) {
        if !isIdle { credit -= Double(nanoseconds) }
        if nanoseconds > Self.longest {
            budget = max(Self.least, budget / 2)
        } else if nanoseconds < Self.longest / 2 {
            budget = min(Self.most, budget + budget / 8)
        }
    }
}
