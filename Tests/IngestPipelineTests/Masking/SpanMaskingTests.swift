// SpanMaskingTests.swift - rules and the content switch, on whole requests.

import OTLPCodec
import TestSupport
import Testing
import TraceModel

@testable import IngestPipeline

struct SpanMaskingTests {
    private let secret = "ann@example.com"

    /// A request that holds the secret in every place there is.
    private var everywhere: [UInt8] {
        let secret = secret
        return WireWriter { request in
            request.message(1) { resourceSpans in
                resourceSpans.message(1) { $0.attribute(1, "owner", secret) }
                resourceSpans.message(2) { scope in
                    scope.message(1) { inner in
                        inner.string(1, "scope of \(secret)")
                        inner.string(2, secret)
                        inner.attribute(3, "k", secret)
                    }
                    scope.span(trace: 1, span: 1) { span in
                        span.string(3, "a=\(secret)")
                        span.string(5, "mail to \(secret)")
                        span.attribute(9, "k", "<\(secret)>")
                        span.message(9) { attribute in
                            attribute.string(1, "nested")
                            attribute.message(2) { value in
                                value.message(6) { map in
                                    map.message(1) { member in
                                        member.string(1, "list")
                                        member.message(2) { $0.message(5) { $0.message(1) { $0.string(1, secret) } } }
                                    }
                                }
                            }
                        }
                        span.message(9) { attribute in
                            attribute.string(1, "bytes")
                            attribute.message(2) { $0.sized(7, [0xFF] + Array(secret.utf8)) }
                        }
                        span.message(11) { event in
                            event.string(2, secret)
                            event.attribute(3, "k", secret)
                        }
                        span.message(13) { link in
                            link.string(3, "a=\(secret)")
                            link.attribute(4, "k", secret)
                        }
                        span.message(15) { $0.string(2, "failed for \(secret)") }
                    }
                    scope.string(3, "https://\(secret)/")
                }
            }
        }.bytes
    }

    @Test func `a pattern reaches every place that holds text`() throws {
        let harness = try MaskingHarness([.builtIn(.email)])
        let result = try harness.mask(everywhere)
        let text = String(decoding: MaskingHarness.bytes(of: result.batch), as: UTF8.self)
        #expect(!text.contains("example.com"))
        #expect(text.contains("mail to [email]"))
        #expect(text.contains("<[email]>"))
        #expect(result.changed == 1)
        #expect(result.refused == .none)
    }

    @Test func `an envelope that changed has the fingerprint of its new bytes`() throws {
        let harness = try MaskingHarness([.builtIn(.email)])
        let batch = try harness.mask(everywhere).batch
        let before = try MaskingHarness.decode(everywhere)
        #expect(batch.resources[0].fingerprint != before.resources[0].fingerprint)
        #expect(batch.scopes[0].fingerprint != before.scopes[0].fingerprint)
        // What arrives already masked is the same to the store.
        let again = WireWriter { request in
            request.message(1) { resourceSpans in
                resourceSpans.raw(batch.resources[0].bytes)
                resourceSpans.message(2) { scope in
                    scope.raw(batch.scopes[0].bytes)
                    scope.sized(2, Array(batch.bytes(of: batch.spans[0])))
                }
            }
        }.bytes
        let sent = try SpanExtractor().extract(MaskingHarness.decode(again))
        #expect(try SpanExtractor().extract(batch).facts.map(\.fingerprint) == sent.facts.map(\.fingerprint))
    }

    @Test func `a rule without a match changes no byte and copies nothing`() throws {
        let harness = try MaskingHarness([.pattern("nothing like this"), .attribute("not.there")])
        let request = everywhere
        let result = try harness.mask(request)
        #expect(result.changed == 0)
        #expect(result.batch.rewritten == nil)
        #expect(MaskingHarness.bytes(of: result.batch) == MaskingHarness.bytes(of: try MaskingHarness.decode(request)))
    }

    @Test func `spans beside a changed one keep their bytes`() throws {
        let spans = (1...5).map { number in
            SampleSpan(trace: 1, id: UInt64(number)).with(("k", number == 3 ? "ann@example.com" : "plain"))
        }
        let batch = try MaskingHarness([.builtIn(.email)]).mask(SampleSpan.request(spans)).batch
        for (span, slice) in zip(spans, batch.spans) {
            #expect((Array(batch.bytes(of: slice)) == span.bytes) == (span.id != SpanID(3)))
            #expect(slice.spanID == span.id)
        }
    }

    @Test func `a rule by name masks or removes at any level`() throws {
        let request = WireWriter.request { scope in
            scope.span(trace: 1, span: 1) { span in
                span.attribute(9, "user.email", "one")
                span.message(9) { attribute in
                    attribute.string(1, "user")
                    attribute.message(2) { $0.message(6) { $0.attribute(1, "email", "two") } }
                }
                span.message(9) { attribute in
                    attribute.string(1, "deep")
                    attribute.message(2) { $0.message(6) { $0.attribute(1, "user.email", "three") } }
                }
                span.message(11) { $0.attribute(3, "user.email", "four") }
                span.message(9) { attribute in
                    attribute.string(1, "user.email")
                    attribute.message(2) { $0.number(3, 5) }
                }
                span.attribute(9, "user.email2", "kept")
            }
        }
        let masked = try MaskingHarness([.attribute("user.email")]).json(request)
        for word in ["one", "two", "three", "four", "\"5\""] { #expect(!masked.contains(word)) }
        #expect(masked.contains("kept"))
        #expect(masked.split(separator: "[redacted]", omittingEmptySubsequences: false).count == 6)
        let removed = try MaskingHarness([.attribute("user.*", .remove)]).json(request)
        #expect(!removed.contains("email"))
        #expect(!removed.contains("droppedAttributesCount"))
    }

    @Test func `rules act one after the other`() throws {
        let span = SampleSpan(trace: 1, id: 1, name: "abc").with(("k", "abc"))
        let harness = try MaskingHarness([.attribute("k", .remove), .pattern("b", "x"), .pattern("axc", "done")])
        let json = try harness.json(SampleSpan.request([span]))
        #expect(json.contains(#""name":"done""#))
        #expect(!json.contains("\"abc\""))
    }

    @Test func `a masked user or service is what the traces show`() throws {
        let span = SampleSpan(trace: 1, id: 1, name: "chat").with(("user.id", "ann"))
        let harness = try MaskingHarness([.attribute("user.id"), .attribute("service.name")])
        let batch = try SpanExtractor().extract(harness.mask(SampleSpan.request([span], service: "hidden")).batch)
        #expect(batch.strings == ["[redacted]"])
        let root = try #require(batch.groups[0].roots.first)
        #expect(!String(decoding: root.attributes, as: UTF8.self).contains("ann"))
    }

    @Test func `a span whose value a rule cannot finish is refused, the others are stored`() throws {
        let long = String(repeating: "a", count: 20_000)
        let request = SampleSpan.request([
            SampleSpan(trace: 1, id: 1).with(("k", .text(long))), SampleSpan(trace: 2, id: 2),
            SampleSpan(trace: 1, id: 3),
        ])
        let result = try MaskingHarness([.pattern("a(.*b)?", "-")]).mask(request)
        #expect(result.refused.count == 1)
        #expect(result.refused.message.contains("redaction rule 1 (pattern)"))
        #expect(!result.refused.message.contains("aaa"))
        #expect(result.batch.spans.map(\.spanID) == [SpanID(3), SpanID(2)])
        #expect(result.batch.groups.map(\.spans) == [0..<1, 1..<2])
        #expect(try SpanExtractor().extract(result.batch).facts.count == 2)
    }

    @Test func `a resource that cannot be masked refuses every span below it`() throws {
        let long = String(repeating: "a", count: 20_000)
        let result = try MaskingHarness([.pattern("a(.*b)?", "-")]).mask(
            SampleSpan.request([SampleSpan(trace: 1, id: 1), SampleSpan(trace: 1, id: 2)], service: long)
        )
        #expect(result.refused.count == 2)
        #expect(result.batch.spans.isEmpty)
        #expect(result.batch.groups.isEmpty)
    }

    @Test func `masking needs as much memory again as the request`() throws {
        let batch = try MaskingHarness.decode(everywhere)
        let masking = try MaskingHarness([.builtIn(.email)]).masking
        let store = StubCollectorStore()
        let pipeline = TracePipeline(writer: store, extraction: SpanExtractor(), masking: masking)
        let plain = TracePipeline(writer: store, extraction: SpanExtractor())
        #expect(pipeline.workingBytes(of: batch) - plain.workingBytes(of: batch) == everywhere.count)
    }

    @Test func `without rules and with content there is nothing to do`() throws {
        #expect(try SpanMasking(rules: [], keepsContent: true) == nil)
    }

    @Test(arguments: [
        RedactionRule.pattern("("), .pattern("a*"), .attribute(""), .attribute("*"),
        .pattern("a", String(repeating: "x", count: 65)),
        RedactionRule(target: .pattern("a"), action: .remove), RedactionRule(target: .builtIn(.email), action: .remove),
    ])
    func `a rule that cannot be used is named`(_ rule: RedactionRule) {
        let error = #expect(throws: RedactionError.self) {
            try SpanMasking(rules: [.pattern("fine"), rule], keepsContent: true)
        }
        #expect(error?.message.hasPrefix("redaction rule 2") == true)
    }
}
