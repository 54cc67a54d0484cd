// ParkingLot.swift - requests that wait until forgotten traces are read again.

/// Requests that wait until forgotten traces are read again.
///
/// Generic in what waits, so that it can be tested without a store.
struct ParkingLot<Request> {
    private struct Place {
        var request: Request
        var missing: Set<Int64>
        /// Every trace that was missing, here by now or not.
        var all: Set<Int64>
    }

    private var places: [Int: Place] = [:]
    private var next = 0
    /// Who waits for a trace; a trace that is being read has an entry, even when nobody waits any more.
    private var waiting: [Int64: [Int]] = [:]
    /// How many waiting requests need a trace that is here already.
    private var holds: [Int64: Int] = [:]

    /// Whether nothing waits and nothing is being read.
    var isEmpty: Bool { places.isEmpty && waiting.isEmpty }

    /// Parks a request; gives the traces that nobody is reading yet.
    mutating func park(_ request: Request, until missing: Set<Int64>) -> [Int64] {
        let number = next
        next += 1
        places[number] = Place(request: request, missing: missing, all: missing)
        var fresh: [Int64] = []
        for trace in missing {
            if waiting[trace] == nil { fresh.append(trace) }
            waiting[trace, default: []].append(number)
        }
        return fresh
    }

    /// A trace is here.
    ///
    /// - Returns: The requests that need nothing more; whether others still need the trace, which has to stay then;
    ///   and the traces that nobody needs any more.
    mutating func release(_ trace: Int64) -> (free: [Request], isHeld: Bool, unneeded: [Int64]) {
        var free: [Request] = []
        var unneeded: [Int64] = []
        for number in waiting.removeValue(forKey: trace) ?? [] {
            places[number]?.missing.remove(trace)
            holds[trace, default: 0] += 1
            guard let place = places[number], place.missing.isEmpty else { continue }
            places[number] = nil
            free.append(place.request)
            unneeded += letGo(place.all)
        }
        return (free, holds[trace] != nil, unneeded)
    }

    /// A trace cannot be read: gives the requests that needed it, and the traces that nobody needs any more.
    mutating func abandon(_ trace: Int64) -> (lost: [Request], unneeded: [Int64]) {
        var lost: [Request] = []
        var unneeded: [Int64] = []
        for number in waiting.removeValue(forKey: trace) ?? [] {
            guard let place = places.removeValue(forKey: number) else { continue }
            lost.append(place.request)
            unneeded += letGo(place.all.subtracting(place.missing))
        }
        return (lost, unneeded)
    }

    /// Takes back one hold on each trace; gives those that have none left.
    private mutating func letGo(_ traces: Set<Int64>) -> [Int64] {
        var unneeded: [Int64] = []
        for trace in traces {
            guard let count = holds[trace] else { continue }
            holds[trace] = count > 1 ? count - 1 : nil
            if count == 1 { unneeded.append(trace) }
        }
        return unneeded
    }
}
