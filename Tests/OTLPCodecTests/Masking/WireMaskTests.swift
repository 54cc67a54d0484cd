// WireMaskTests.swift - masked messages differ in what the policy names, and in nothing else.

import OTLPCodec
import TestSupport
import Testing
import TraceModel

struct WireMaskTests {
    private func masked(_ span: [UInt8], _ policy: TestPolicy, limit: Int = 1 << 24) throws -> [UInt8]? {
        let mask = WireMask(policy: policy, limit: limit)
        guard let range = try span.withUnsafeBytes({ try mask.mask(span: $0) }) else { return nil }
        return copy(of: mask.takeOutput(), range)
    }

    private func copy(of output: BatchStorage, _ range: Range<Int>) -> [UInt8] {
        withExtendedLifetime(output) { Array(output.bytes[range]) }
    }

    @Test func `random spans become what their model becomes, byte for byte`() throws {
        var random = SeededRandom(seed: 11)
        for _ in 0..<2000 {
            let span = ModelSpan.random(&random)
            let expected = span.masked.bytes
            let result = try masked(span.bytes, TestPolicy())
            #expect(result ?? span.bytes == expected)
            #expect((result == nil) == (expected == span.bytes))
        }
    }

    @Test func `a policy that changes nothing writes nothing`() throws {
        var random = SeededRandom(seed: 12)
        for _ in 0..<500 {
            #expect(try masked(ModelSpan.random(&random).bytes, TestPolicy(isIdle: true)) == nil)
        }
    }

    @Test(arguments: [0, 100, 127, 128, 130, 16_383, 16_384, 20_000, 2_097_151])
    func `lengths around a change are right at every width`(_ padding: Int) throws {
        for secret in ["secret", String(repeating: "secret", count: 60)] {
            let span = WireWriter {
                $0.ids(trace: 1, span: 2)
                $0.message(9) { attribute in
                    attribute.string(1, "outer")
                    attribute.message(2) { value in
                        value.message(6) { map in
                            map.attribute(1, "padding", String(repeating: "x", count: padding))
                            map.attribute(1, "inner", secret)
                        }
                    }
                }
                $0.string(5, "after")
            }.bytes
            let result = try #require(try masked(span, TestPolicy()))
            let decoder = try SpanDecoder()
            let json = try result.withUnsafeBytes { bytes in
                try decoder.withSpan(bytes) { span in
                    var json: [UInt8] = []
                    OTLPJSON.append(span, to: &json)
                    return String(decoding: json, as: UTF8.self)
                }
            }
            #expect(!json.contains("secret"))
            #expect(json.contains(String(repeating: "x", count: padding)))
            #expect(json.contains(#""name":"after""#))
            #expect(json.contains("[masked]"))
        }
    }

    @Test func `unknown fields and padded lengths stay as they are`() throws {
        let span = WireWriter {
            $0.ids(trace: 1, span: 2)
            $0.number(200, 7)
            // A length in two bytes where one would do.
            $0.raw([9 << 3 | 2, 0x8C, 0x00])
            $0.string(1, "k")
            $0.message(2) { $0.string(1, "plain") }
            $0.sized(300, Array("secret of another version".utf8))
            $0.attribute(9, "key", "secret")
            $0.fixed32(16, 1)
        }.bytes
        let expected = WireWriter {
            $0.ids(trace: 1, span: 2)
            $0.number(200, 7)
            $0.raw([9 << 3 | 2, 0x8C, 0x00])
            $0.string(1, "k")
            $0.message(2) { $0.string(1, "plain") }
            $0.sized(300, Array("secret of another version".utf8))
            $0.attribute(9, "key", "[masked]")
            $0.fixed32(16, 1)
        }.bytes
        #expect(try masked(span, TestPolicy()) == expected)
    }

    @Test func `the last key counts, also behind the value`() throws {
        let span = WireWriter {
            $0.message(9) { attribute in
                attribute.string(1, "harmless")
                attribute.message(2) { $0.string(1, "hidden") }
                attribute.string(1, "gone")
            }
            $0.message(9) { attribute in
                attribute.message(2) { $0.string(1, "hidden") }
                attribute.string(1, "void")
                attribute.number(3, 4)
            }
        }.bytes
        let expected = WireWriter {
            $0.message(9) { attribute in
                attribute.message(2) { _ in }
                attribute.string(1, "void")
                attribute.number(3, 4)
            }
        }.bytes
        #expect(try masked(span, TestPolicy()) == expected)
    }

    @Test func `every value of a field that is given twice is masked`() throws {
        let span = WireWriter {
            $0.string(5, "secret name")
            $0.string(5, "name")
            $0.message(9) { attribute in
                attribute.string(1, "k")
                attribute.message(2) { value in
                    value.string(1, "secret")
                    value.number(3, 5)
                }
            }
        }.bytes
        let result = try #require(try masked(span, TestPolicy()))
        #expect(!String(decoding: result, as: UTF8.self).contains("secret"))
    }

    @Test func `names, messages, references, bytes, events and links are reached`() throws {
        let span = WireWriter {
            $0.string(3, "state=secret")
            $0.string(5, "secret")
            $0.message(11) { event in
                event.string(2, "secret")
                event.attribute(3, "k", "secret")
            }
            $0.message(13) { link in
                link.string(3, "secret")
                link.attribute(4, "k", "secret")
            }
            $0.message(15) { $0.string(2, "secret") }
            $0.message(9) { attribute in
                attribute.string(1, "list")
                attribute.message(2) { value in
                    value.message(5) { list in
                        list.message(1) { $0.string(1, "secret") }
                        list.message(1) { $0.sized(7, Array("secret".utf8)) }
                    }
                }
            }
        }.bytes
        let result = try #require(try masked(span, TestPolicy()))
        let text = String(decoding: result, as: UTF8.self)
        #expect(!text.contains("secret"))
        #expect(text.split(separator: "[masked]", omittingEmptySubsequences: false).count == 10)
    }

    @Test func `resources and scopes are reached`() throws {
        let mask = WireMask(policy: TestPolicy(), limit: 1 << 20)
        let resource = WireWriter {
            $0.message(1) { resource in
                resource.attribute(1, "k", "secret")
                resource.message(3) { entity in
                    entity.string(2, "secret")
                    entity.string(3, "k")
                }
            }
            $0.string(3, "secret")
        }.bytes
        let scope = WireWriter {
            $0.message(1) { scope in
                scope.string(1, "secret")
                scope.string(2, "secret")
                scope.attribute(3, "gone", "x")
            }
        }.bytes
        let maskedResource = try #require(try mask.mask(resourceSpans: resource))
        let maskedScope = try #require(try mask.mask(scopeSpans: scope))
        #expect(!String(decoding: maskedResource + maskedScope, as: UTF8.self).contains("secret"))
        #expect(!String(decoding: maskedScope, as: UTF8.self).contains("gone"))
        #expect(try mask.mask(resourceSpans: maskedResource) == nil)
    }

    @Test func `a value without a key is masked as well`() throws {
        let body = WireWriter { $0.message(6) { $0.attribute(1, "k", "secret") } }.bytes
        let expected = WireWriter { $0.message(6) { $0.attribute(1, "k", "[masked]") } }.bytes
        #expect(try WireMask(policy: TestPolicy(), limit: 4096).mask(value: body) == expected)
    }

    @Test func `what cannot be masked fails, and the next span does not notice`() throws {
        let mask = WireMask(policy: TestPolicy(), limit: 100)
        let good = WireWriter { $0.attribute(9, "k", "secret") }.bytes
        let failing = WireWriter {
            $0.attribute(9, "k", "secret")
            $0.attribute(9, "fail", "x")
        }.bytes
        let long = WireWriter {
            $0.attribute(9, "k", "secret")
            $0.string(5, String(repeating: "n", count: 200))
        }.bytes
        for bad in [
            failing, long, [0x4A, 0x05, 0x01], [0x4B], [0x4A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        ] {
            #expect(throws: MaskFailure.self) { try bad.withUnsafeBytes { try mask.mask(span: $0) } }
        }
        let range = try #require(try good.withUnsafeBytes { try mask.mask(span: $0) })
        #expect(range.lowerBound == 0)
        #expect(copy(of: mask.takeOutput(), range) == WireWriter { $0.attribute(9, "k", "[masked]") }.bytes)
    }

    @Test func `nested keys are known by their path`() throws {
        let policy = TestPolicy()
        let span = WireWriter {
            $0.message(9) { attribute in
                attribute.string(1, "a")
                attribute.message(2) { value in
                    value.message(6) { map in
                        map.message(1) { member in
                            member.string(1, "b")
                            member.message(2) { $0.message(6) { $0.attribute(1, "c", "x") } }
                        }
                        map.attribute(1, "d", "x")
                    }
                }
            }
            $0.attribute(9, "e", "x")
        }.bytes
        _ = try masked(span, policy)
        #expect(policy.paths == ["a", "a.b", "a.b.c", "a.d", "e"])
    }
}

/// Masks texts that hold `secret`; drops `gone`, empties `void`, replaces `named` and fails at `fail`.
final class TestPolicy: MaskPolicy {
    private(set) var paths: [String] = []
    private let isIdle: Bool

    init(isIdle: Bool = false) {
        self.isIdle = isIdle
    }

    func attribute(
        _ key: UnsafeRawBufferPointer,
        path: UnsafeRawBufferPointer,
        within nature: ValueNature
    ) throws(MaskFailure) -> AttributeMask {
        paths.append(String(decoding: path, as: UTF8.self))
        if isIdle { return .look(nature) }
        switch String(decoding: key, as: UTF8.self) {
        case "gone": return .remove
        case "void": return .empty
        case "named": return .replace(Array("[named]".utf8))
        case "fail": throw MaskFailure(reason: "fail")
        default: return .look(nature)
        }
    }

    func text(_ text: UnsafeRawBufferPointer, at place: TextPlace) throws(MaskFailure) -> TextMask {
        let words = String(decoding: text, as: UTF8.self)
        guard !isIdle, words.contains("secret") else { return .keep }
        if case .statusMessage = place, words == "secret drop" { return .remove }
        return .replace(Array("[masked]".utf8))
    }
}
