// CallLines.swift - calls as JSON lines.

import OTLPCodec
import TraceStore

/// One call a line, as `GET /v1/calls` lists it.
enum CallLines: CallExport {
    static let type = ExportType.lines
    static let head: [UInt8] = []

    static func append(_ row: CallRow, isCounted: Bool, to text: inout [UInt8]) {
        text.append(raw: "{")
        row.appendMembers(isCounted: isCounted, to: &text)
        text.append(raw: "}\n")
    }
}
