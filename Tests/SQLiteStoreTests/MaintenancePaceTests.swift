// MaintenancePaceTests.swift - how much time work gets that nobody waits for.

import Testing

@testable import SQLiteStore

struct MaintenancePaceTests {
    @Test func `beside a constant load a slice waits until its share of the time has come`() {
        var pace = MaintenancePace()
        #expect(!pace.isAllowed)
        var requests = 0
        while !pace.isAllowed {
            pace.note(request: 10_000_000, share: 0.1)
            requests += 1
        }
        #expect(requests == 6)
        pace.note(slice: 12_000_000, isIdle: false)
        #expect(!pace.isAllowed)
        for _ in 0..<10 { pace.note(request: 10_000_000, share: 3) }
        #expect(pace.isAllowed)
    }

    @Test func `slices that take too long become shorter, and longer again`() {
        var pace = MaintenancePace()
        let usual = pace.budget
        for _ in 0..<10 { pace.note(slice: 30_000_000, isIdle: true) }
        #expect(pace.budget == 5_000_000)
        for _ in 0..<100 { pace.note(slice: 2_000_000, isIdle: true) }
        #expect(pace.budget > usual && pace.budget <= MaintenancePace.longest / 2)
    }

    @Test func `the nearer the limit, the more time deletion gets`() {
        func share(used: Int64, log: Int64 = 0) -> Double {
            var limit = SizeLimit(bytes: 1_000_000_000)
            limit.note(DiskUse(used: used, freePages: 10, file: used, log: log))
            return limit.share
        }
        #expect(share(used: 700_000_000) == 0)
        #expect(share(used: 850_000_000) > 0)
        #expect(share(used: 900_000_000) > share(used: 850_000_000))
        #expect(share(used: 700_000_000, log: 400_000_000) > 0)
    }
}
