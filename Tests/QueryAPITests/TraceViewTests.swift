// TraceViewTests.swift - a trace as a tree and as OTLP/JSON.

import Foundation
import HTTPTypes
@testable import QueryAPI
import Testing
import TraceModel
import TraceStore

@Suite struct `a trace as a tree` {
    private let path = "/v1/traces/\(SampleTrace.id)?view=tree"

    private func shape(_ spans: Any?) -> String {
        (spans as? [NSDictionary] ?? []).map { span in
            let name = (span["name"] as? String ?? "").replacingOccurrences(of: "span-", with: "")
            let children = shape(span["children"])
            return children.isEmpty ? name : "\(name)(\(children))"
        }.joined(separator: " ")
    }

    @Test func `nests children in start order, with orphans at the top`() async throws {
        var trace = SampleTrace(number: 1)
        trace.add(3, under: 1)
        trace.add(1)
        trace.add(2, under: 1)
        trace.add(5, under: 3)
        trace.add(6, under: 99, hasParent: false)
        trace.add(7, under: 6)
        trace.add(8, under: 3)
        let reader = InMemoryTraceReader()
        await reader.add(trace)
        let answer = try await ask(reader, path)
        #expect(shape(try answer.value("data.spans")) == "1(3(5 8) 2) 6(7)")
        #expect(try answer.value("data.spans.1.warnings") as? [String] == ["parent_missing"])
        #expect(try answer.value("data.truncated") == nil)
        #expect(!answer.text.contains("children_omitted"))
        await reader.lose(SpanID(3), of: 1)
        let without = try await ask(reader, path)
        #expect(shape(try without.value("data.spans")) == "1((5 8) 2) 6(7)")
        #expect(try without.value("data.spans.0.children.0.warnings") as? [String] == ["gone"])
    }

    @Test func `nests 500 levels and marks the cut`() async throws {
        var trace = SampleTrace(number: 1)
        for id in 1...600 { trace.add(UInt64(id), under: UInt64(id - 1)) }
        trace.add(601, under: 500)
        let reader = InMemoryTraceReader()
        await reader.add(trace)
        let answer = try await ask(reader, path)
        #expect(answer.text.components(separatedBy: "\"children\":[").count - 1 == 500)
        #expect(answer.text.contains(#""children_omitted":2,"children":[]}]}"#))
        #expect(answer.text.contains(#""truncated":true,"spans_omitted":101,"#))
        #expect(answer.text.count { $0 == "{" } == answer.text.count { $0 == "}" })
    }

    @Test func `holds 10,000 spans and counts the rest`() async throws {
        var trace = SampleTrace(number: 1)
        trace.add(1)
        for id in 2...10_050 { trace.add(UInt64(id), under: 1) }
        let reader = InMemoryTraceReader()
        await reader.add(trace)
        let answer = try await ask(reader, path)
        #expect(try answer.list("data.spans.0.children").count == 9999)
        #expect(try answer.value("data.spans_omitted") as? Int == 50)
        #expect(try answer.value("data.spans.0.children_omitted") as? Int == 50)
    }

    @Test func `a plan survives a million levels and cycles`() {
        let outline = { (id: UInt64, parent: UInt64) in
            SpanOutline(
                spanID: SpanID(id),
                parentID: SpanID(parent),
                hasParent: parent != 0,
                start: 0,
                end: 0,
                marks: [],
                length: 0,
                part: 0,
                index: 0,
                call: nil
            )
        }
        let deep = TreePlan((1...100_000).map { outline(UInt64($0), UInt64($0 - 1)) }, levels: .max, most: .max)
        #expect(deep.nodes.last?.depth == 99_999)
        let cyclic = TreePlan([outline(1, 2), outline(2, 1), outline(3, 0)])
        #expect(cyclic.outlines.map(\.spanID) == [SpanID(3)])
        #expect(cyclic.omitted == 2)
    }
}

@Suite struct `a trace as OTLP JSON` {
    private let path = "/v1/traces/\(SampleTrace.id)?view=otlp"

    @Test func `groups spans by resource and scope in the order of the store`() async throws {
        var trace = SampleTrace(number: 1)
        trace.add(1, resource: "api", scope: "lib", part: 1)
        trace.add(2, resource: "worker", scope: "lib", part: 0)
        trace.add(3, resource: "api", scope: "lib", part: 1)
        trace.add(4, resource: "api", scope: "other", part: 1)
        trace.add(5, resource: "apj", scope: "other", part: 1)
        let reader = InMemoryTraceReader()
        await reader.add(trace)
        let answer = try await ask(reader, path)
        #expect(answer.headers[.contentType] == "application/json")
        let groups = try answer.list("resourceSpans").map { resource in
            (resource["scopeSpans"] as? [NSDictionary] ?? []).map { scope in
                (scope["spans"] as? [NSDictionary] ?? []).compactMap { $0["name"] as? String }
            }
        }
        #expect(groups == [[["span-2"]], [["span-1", "span-3"], ["span-4"]], [["span-5"]]])
        let attributes = try answer.value("resourceSpans.0.resource.attributes.0") as? NSDictionary
        #expect(attributes == ["key": "service.name", "value": ["stringValue": "worker"] as NSDictionary])
        #expect(try answer.string("resourceSpans.0.scopeSpans.0.scope.name") == "lib")
        #expect(try answer.string("resourceSpans.1.scopeSpans.1.spans.0.traceId") == SampleTrace.id)
    }

    @Test func `is whole whatever the number of spans`() async throws {
        var trace = SampleTrace(number: 1)
        for id in 1...12_000 { trace.add(UInt64(id)) }
        let reader = InMemoryTraceReader()
        await reader.add(trace)
        let answer = try await ask(reader, path)
        #expect(try answer.list("resourceSpans.0.scopeSpans.0.spans").count == 12_000)
        #expect(await reader.slices.count == 6)
    }
}
