// LiveSeats.swift - how many clients follow at once.

import Synchronization

/// Counts those who follow.
final class LiveSeats: Sendable {
    private let limit: Int
    private let taken = Mutex(0)

    init(_ limit: Int) {
        self.limit = limit
    }

    /// A place until nobody holds it any more; nil when all are taken.
    func take() -> LiveSeat? {
        let isFree = taken.withLock { taken in
            guard taken < limit else { return false }
            taken += 1
            return true
        }
        return isFree ? LiveSeat(self) : nil
    }

    fileprivate func giveBack() {
        taken.withLock { $0 -= 1 }
    }
}

/// A place of `LiveSeats`; given back when it is let go, also by an answer that is never sent.
final class LiveSeat: Sendable {
    private let seats: LiveSeats

    fileprivate init(_ seats: LiveSeats) {
        self.seats = seats
    }

    deinit {
        seats.giveBack()
    }
}
