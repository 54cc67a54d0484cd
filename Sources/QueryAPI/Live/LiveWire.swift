// LiveWire.swift - the way of events to one client.

import Hummingbird
import NIOCore

/// Writes to one client, waiting for it where it is slow.
///
/// `@unchecked Sendable`: the task of the answer lends it to one child task and waits for that.
final class LiveWire: @unchecked Sendable {
    private var writer: any ResponseBodyWriter

    init(_ writer: any ResponseBodyWriter) {
        self.writer = writer
    }

    func write(_ events: LiveEvents) async throws {
        guard !events.bytes.isEmpty else { return }
        try await writer.write(ByteBuffer(bytes: events.bytes))
    }
}
