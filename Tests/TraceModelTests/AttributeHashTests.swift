// AttributeHashTests.swift - hashes that are stored, and so must never change.

import Testing
import TraceModel

struct AttributeHashTests {
    @Test func `hashes stay what they are in stored files`() {
        #expect(AttributeHash.hash(.attribute("customer.id"), "42") == 10_789_846_041_237_051_621)
        #expect(AttributeHash.hash(.name, "chat") == 17_736_147_481_956_187_756)
        #expect(AttributeHash.hash(.tool, "get_weather") == 3_581_102_034_566_407_509)
        #expect(AttributeHash.hash(.tag, "a longer tag than eight bytes") == 16_316_637_911_280_593_534)
        #expect(AttributeHash.hash(.operation, "") == 2_598_620_873_488_311_230)
    }

    @Test func `the same value of another property has another hash`() {
        let properties: [SpanProperty] = [
            .attribute("a"), .attribute("b"), .attribute(""), .name, .tool, .tag, .operation,
        ]
        #expect(Set(properties.map { AttributeHash.hash($0, "x") }).count == properties.count)
    }

    @Test func `values that only differ in zeros at the end have different hashes`() {
        let values = ["", "\0", "\0\0", "a", "a\0", "12345678", "12345678\0", "123456781234567812345678"]
        #expect(Set(values.map { AttributeHash.hash(.name, $0) }).count == values.count)
    }

    @Test func `hashes are spread over their leading bits`() {
        // The stored form keeps the leading bytes alone.
        let leading = Set((0..<10_000).map { AttributeHash.hash(.attribute("n"), "\($0)") >> 40 })
        #expect(leading.count > 9_990)
    }
}
