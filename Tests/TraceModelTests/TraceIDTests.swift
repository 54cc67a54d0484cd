// TraceIDTests.swift - identifiers as text and bytes.

import Testing
import TraceModel

struct TraceIDTests {
    @Test(arguments: [
        "4bf92f3577b34da6a3ce929d0e0e4736", "4BF92F3577B34DA6A3CE929D0E0E4736", "4bf92f35-77b3-4da6-a3ce-929d0e0e4736",
    ])
    func `hex of any case and the dashed form name the same trace`(_ text: String) {
        #expect(TraceID(hex: text)?.hex == "4bf92f3577b34da6a3ce929d0e0e4736")
    }

    @Test(arguments: [
        "", "4bf9", "00000000000000000000000000000000", "zbf92f3577b34da6a3ce929d0e0e4736",
        "4bf92f3577b34da6a3ce929d0e0e47361",
    ])
    func `what is no trace id is refused`(_ text: String) {
        #expect(TraceID(hex: text) == nil)
    }

    @Test func `leading zeros are kept`() {
        #expect(TraceID(high: 0, low: 1).hex == "00000000000000000000000000000001")
        #expect(SpanID(0xFF).hex == "00000000000000ff")
        #expect(SpanID(hex: "00000000000000FF") == SpanID(0xFF))
        #expect(SpanID(hex: "0000000000000000") == nil)
    }

    @Test func `bytes and id are the same`() {
        let id = TraceID(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10)
        #expect(id.bytes == Array(1...16))
        #expect(TraceID(bytes: id.bytes) == id)
        #expect(TraceID(bytes: [1, 2, 3]) == nil)
        #expect(TraceID(bytes: Array(repeating: UInt8(0), count: 16)) == nil)
    }
}
