// WritePressureTests.swift - when parts are compressed lightly, and that they hold the same.

import Logging
import Metrics
import TestSupport
import Testing
import TraceModel

@testable import SQLiteStore

struct WritePressureTests {
    @Test func `more batches at once than 32 are pressure, until they are stored`() {
        let pressure = WritePressure(mayBeLight: true, NOOPMetricsHandler.instance)
        for _ in 0..<WritePressure.most { #expect(!pressure.enter()) }
        #expect(pressure.enter())
        pressure.leave()
        pressure.leave()
        #expect(!pressure.enter())
        #expect(pressure.enter())
    }

    @Test func `those that wait before the store count as well`() {
        let pressure = WritePressure(mayBeLight: true, NOOPMetricsHandler.instance)
        #expect(!pressure.enter(behind: WritePressure.most - 1))
        #expect(pressure.enter(behind: WritePressure.most - 1))
        #expect(!pressure.enter(behind: 0))
    }

    @Test func `what is never compressed again is not compressed lightly`() {
        let pressure = WritePressure(mayBeLight: false, NOOPMetricsHandler.instance)
        for _ in 0...2 * WritePressure.most { #expect(!pressure.enter()) }
    }
}
