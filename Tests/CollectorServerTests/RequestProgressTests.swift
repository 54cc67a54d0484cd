// RequestProgressTests.swift - when a client is told to go on, and when the connection ends.

import Testing

@testable import CollectorServer

struct RequestProgressTests {
    @Test func `leave is given once everything that arrived was read`() {
        var progress = RequestProgress(drainLimitBytes: 100)
        progress.readHead(.leave)
        #expect(progress.readComplete() == .sendContinue)
        #expect(progress.readComplete() == .nothing)
        #expect(progress.readBody(bytes: 10) == .nothing)
        progress.readEnd()
        #expect(progress.wroteEnd() == .nothing)
    }

    @Test func `a body that is there already needs no leave`() {
        var progress = RequestProgress(drainLimitBytes: 100)
        progress.readHead(.leave)
        #expect(progress.readBody(bytes: 1) == .nothing)
        #expect(progress.readComplete() == .nothing)
    }

    @Test func `an empty body needs no leave`() {
        var progress = RequestProgress(drainLimitBytes: 100)
        progress.readHead(.leave)
        progress.readEnd()
        #expect(progress.readComplete() == .nothing)
    }

    @Test func `leave waits for the answers before it`() {
        var progress = RequestProgress(drainLimitBytes: 100)
        for _ in 0..<2 {
            progress.readHead(.none)
            progress.readEnd()
        }
        progress.readHead(.leave)
        #expect(progress.readComplete() == .nothing)
        #expect(progress.wroteEnd() == .nothing)
        #expect(progress.wroteEnd() == .sendContinue)
    }

    @Test func `no leave is given for too much, and the answer is the end`() {
        var progress = RequestProgress(drainLimitBytes: 100)
        progress.readHead(.leaveForTooMuch)
        #expect(progress.readComplete() == .nothing)
        #expect(progress.wroteEnd() == .close)
    }

    @Test func `a body is read on after its answer up to the limit`() {
        var progress = RequestProgress(drainLimitBytes: 100)
        progress.readHead(.none)
        #expect(progress.readBody(bytes: 5000) == .nothing)
        #expect(progress.wroteEnd() == .nothing)
        #expect(progress.readBody(bytes: 60) == .nothing)
        #expect(progress.readBody(bytes: 40) == .nothing)
        #expect(progress.readBody(bytes: 1) == .close)
    }

    @Test func `each body has a limit of its own`() {
        var progress = RequestProgress(drainLimitBytes: 100)
        for _ in 0..<3 {
            progress.readHead(.none)
            #expect(progress.wroteEnd() == .nothing)
            #expect(progress.readBody(bytes: 90) == .nothing)
            progress.readEnd()
        }
    }
}
