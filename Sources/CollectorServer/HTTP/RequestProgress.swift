// RequestProgress.swift - how far the requests of one connection have come; a value without I/O.

/// How far the requests of one HTTP/1 connection have come, and what the connection owes its client.
struct RequestProgress {
    /// What a head asks for by `Expect: 100-continue`.
    enum Expectation {
        case none
        /// The client waits for leave to send a body that will be read.
        case leave
        /// The client waits for leave to send a body that is too large for us.
        case leaveForTooMuch
    }

    /// What to do after an event.
    enum Action: Equatable {
        case nothing
        /// Tell the client to go on with the body.
        case sendContinue
        /// The answer is out; nothing more can come of this connection.
        case close
    }

    private enum Owed {
        case nothing
        case leave
        case end
    }

    /// The most bytes of a body that are read after its answer.
    let drainLimitBytes: Int
    private var unanswered = 0
    private var isReading = false
    private var owed = Owed.nothing
    private var drainedBytes = 0

    init(drainLimitBytes: Int) {
        self.drainLimitBytes = drainLimitBytes
    }

    mutating func readHead(_ expectation: Expectation) {
        unanswered += 1
        isReading = true
        drainedBytes = 0
        owed =
            switch expectation {
            case .none: .nothing
            case .leave: .leave
            case .leaveForTooMuch: .end
            }
    }

    /// Takes note of a piece of a body: it needs no leave any more.
    ///
    /// A body whose answer is out is read only up to the limit.
    mutating func readBody(bytes: Int) -> Action {
        owed = .nothing
        guard unanswered == 0 else { return .nothing }
        drainedBytes += bytes
        return drainedBytes > drainLimitBytes ? .close : .nothing
    }

    mutating func readEnd() {
        owed = .nothing
        isReading = false
    }

    /// Everything that had arrived was read.
    mutating func readComplete() -> Action {
        giveLeave()
    }

    /// The last part of an answer is written.
    mutating func wroteEnd() -> Action {
        unanswered -= 1
        if unanswered == 0, isReading, owed != .nothing {
            // The answer came before the body: whether that will be sent now, nobody can tell.
            owed = .nothing
            return .close
        }
        return giveLeave()
    }

    /// The word to go on must not stand in the middle of an earlier request's answer.
    private mutating func giveLeave() -> Action {
        guard owed == .leave, unanswered == 1 else { return .nothing }
        owed = .nothing
        return .sendContinue
    }
}
