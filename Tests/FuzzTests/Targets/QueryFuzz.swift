// QueryFuzz.swift - the query of a URL and header fields, as the API and the receiver read them.

import HTTPTypes
import Logging
import OTLPCodec
import TraceModel
import TraceStore

@testable import CollectorServer
@testable import OTLPReceiver
@testable import QueryAPI

/// Reads a query and a few header fields, one on each line.
enum QueryFuzz {
    private static let logger = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }

    static func feed(_ input: UnsafeRawBufferPointer) throws(FuzzFinding) {
        var input = FuzzInput(input)
        let query = String(decoding: input.line(), as: UTF8.self)
        var fields = HTTPFields()
        for name in [HTTPField.Name.contentType, .contentEncoding, .skeinProject] {
            let value = String(decoding: input.line(), as: UTF8.self)
            if !value.isEmpty { fields.append(HTTPField(name: name, value: value)) }
        }
        let text = String(decoding: input.line(), as: UTF8.self)
        try checkQuery(query, fields)
        try checkMoney(text)
        try checkCursor(text)
        _ = ISO8601Time.nanoseconds(text)
        _ = TraceID(hex: text).map { TraceID(hex: $0.hex) == $0 }
        _ = HostName(text).isLoopback
        _ = HostName(origin: text)
        _ = try? ExportHead(fields)
        _ = Credentials(authorization: [text], keys: [text]).candidates.map { APIKey($0)?.hash }
    }

    private static func checkQuery(_ text: String, _ fields: HTTPFields) throws(FuzzFinding) {
        let query: TraceQuery
        do throws(APIError) {
            let request = try TraceRequest(
                query: text,
                headers: fields,
                grant: .open,
                logger: logger,
                pathID: text,
                spanID: text
            )
            _ = CallID(request.pathID)
            if let calls = try? CallQuery(request.parameters, scope: request.scope) {
                guard (1...1000).contains(calls.limit), calls.offset >= 0 else {
                    throw APIError(
                        reason: .internal,
                        message: "a limit of \(calls.limit), an offset of \(calls.offset)"
                    )
                }
            }
            query = try TraceQuery(request.parameters, scope: request.scope)
        } catch {
            try FuzzFinding.unless(error.reason != .internal, error.message)
            return
        }
        try FuzzFinding.unless((1...100).contains(query.limit), "a limit of \(query.limit)")
        try FuzzFinding.unless(
            query.minDuration ?? 0 >= 0 && query.minCost ?? PicoUSD(0) >= PicoUSD(0),
            "a condition below zero"
        )
        guard query.after == nil else { return }
        // The cursor for a next page is read with the same query.
        let position = TracePosition(value: -1, number: .max)
        let next = (text.isEmpty ? "" : text + "&") + "cursor=" + query.cursor(for: position)
        let page: TraceQuery
        do throws(APIError) {
            let request = try TraceRequest(
                query: next,
                headers: fields,
                grant: .open,
                logger: logger,
                pathID: nil,
                spanID: nil
            )
            page = try TraceQuery(request.parameters, scope: request.scope)
        } catch {
            throw FuzzFinding("a cursor is refused: \(error.message)")
        }
        try FuzzFinding.unless(page.after == position, "a cursor names another position")
    }

    private static func checkMoney(_ text: String) throws(FuzzFinding) {
        guard let amount = PicoUSD(decimal: text) else { return }
        try FuzzFinding.unless(PicoUSD(decimal: amount.decimal) == amount, "an amount is not read as it is written")
    }

    private static func checkCursor(_ text: String) throws(FuzzFinding) {
        guard let cursor = try? PageCursor(text, kind: .traces) else { return }
        try FuzzFinding.unless(cursor.text == text, "a cursor has two spellings")
    }
}
