// SpanTreeBody.swift - spans nested in their parents, streamed.

import Hummingbird
import OTLPCodec
import TraceStore

/// A body of spans in the query form, each with its `children`, between a head and a tail.
struct SpanTreeBody: Sendable {
    var head: [UInt8]
    var slices: SpanSlices
    /// One for each span of the slices.
    var nodes: [TreePlan.Node]
    var tail: [UInt8]
    var detail: SpanDetail

    /// Writes the body; an error ends it early, which the client sees as a body cut off.
    ///
    /// A span is open until the next one that is no deeper; the depths alone say what to close.
    func write(to writer: inout any ResponseBodyWriter) async throws {
        var slices = slices
        var chunks = JSONChunks(head)
        let records = try ShownRecords()
        var renderer = try SpanRenderer(answering: detail, with: records)
        var open = 0
        var place = 0
        while let slice = try await slices.next() {
            for entry in slice {
                let node = nodes[place]
                Self.close(open - node.depth, in: &chunks.json)
                chunks.json.append(raw: node.depth == open ? "{" : ",{")
                records.current = entry.records
                append(entry, node, with: &renderer, to: &chunks.json)
                open = node.depth + 1
                place += 1
                try await chunks.flushIfEnough(to: &writer)
            }
        }
        Self.close(open, in: &chunks.json)
        chunks.json.append(contentsOf: tail)
        try await chunks.finish(to: &writer)
    }

    private func append(
        _ entry: SpanSlices.Entry,
        _ node: TreePlan.Node,
        with renderer: inout SpanRenderer,
        to json: inout [UInt8]
    ) {
        if let stored = entry.stored {
            renderer.appendMembers(of: stored, as: entry.outline, to: &json)
        } else {
            entry.outline.appendStub("gone", to: &json)
        }
        if node.omittedChildren > 0 {
            json.append(raw: ",\"children_omitted\":")
            json.appendJSON(node.omittedChildren)
        }
        json.append(raw: ",\"children\":[")
    }

    private static func close(_ count: Int, in json: inout [UInt8]) {
        for _ in 0..<max(0, count) { json.append(raw: "]}") }
    }
}
