// DrainWatch.swift - how fast requests in work come to their end.

/// How many bytes requests give back in a second, over the last five to ten seconds.
///
/// A value without a clock: times are passed in.
struct DrainWatch {
    private var total = 0
    private var older: (time: Duration, total: Int)?
    private var newer: (time: Duration, total: Int)?
    private static let step = Duration.seconds(5)
    /// What a sender is told to wait: long enough to help, short enough for its queue (OTLP 1.x, OTLP/gRPC Throttling).
    private static let wait = (least: 1, most: 30)

    /// Takes note of bytes that were given back.
    mutating func note(_ bytes: Int, at time: Duration) {
        move(to: time)
        total += bytes
    }

    /// How many seconds it takes to give back so many bytes, within the bounds of a wait.
    ///
    /// The least while nothing has been watched for a step yet, the most when nothing came back at all.
    mutating func seconds(for bytes: Int, at time: Duration) -> Int {
        move(to: time)
        guard let mark = older ?? newer, time - mark.time >= Self.step else { return Self.wait.least }
        let elapsed = (time - mark.time) / .seconds(1)
        let rate = Double(total - mark.total) / elapsed
        guard rate * Double(Self.wait.most) > Double(bytes) else { return Self.wait.most }
        return max(Self.wait.least, Int((Double(bytes) / rate).rounded(.up)))
    }

    private mutating func move(to time: Duration) {
        if let newer, time - newer.time < Self.step { return }
        // A time in which nobody came tells nothing.
        older = newer.flatMap { time - $0.time < Self.step * 2 ? $0 : nil }
        newer = (time, total)
    }
}
