// ImportPost.swift - one request of an import, sent until it is answered.

import Foundation
import OTLPCodec
import TraceModel
import TraceStore

/// Sends one request; waits and sends again where that can help.
struct ImportPost {
    let access: APIAccess
    /// How often it is sent, with a longer wait each time.
    private let mostTries = 8

    /// What a server made of a request.
    enum Answer {
        /// It was taken: what became of it, and why something in it was rejected.
        case taken(receipt: String, reason: String)
        /// It is too large for the server.
        case tooLarge(APIRefusal)
    }

    init(access: APIAccess) {
        self.access = access
    }

    /// Sends a request.
    ///
    /// - Throws: `APIRefusal` when it is refused for good, `StoreError` when there is no answer.
    func send(_ request: ImportRequests.Request) async throws -> Answer {
        for attempt in 0... {
            let answer = try await access.post(
                request.signal == .traces ? "/v1/traces" : "/v1/logs",
                body: request.message,
                contentType: "application/x-protobuf",
                project: request.project,
                headers: ["x-skein-receipt": "1"]
            )
            let body = try await answer.collect(upTo: 1 << 20)
            if (200..<300).contains(answer.status) {
                return .taken(
                    receipt: answer.header("x-skein-receipt") ?? "",
                    reason: ProtobufText.field([1, 2], of: body) ?? ""
                )
            }
            let refusal = APIRefusal(status: answer.status, body: body)
            if refusal.code == .tooLarge { return .tooLarge(refusal) }
            guard refusal.code.isRetryable, attempt < mostTries else { throw refusal }
            let seconds = answer.header("retry-after").flatMap(Int.init) ?? 1
            try await Task.sleep(for: .seconds(min(max(seconds, 1) << min(attempt, 4), 30)))
        }
        throw StoreError(code: .unavailable, message: "no answer")
    }
}

/// A text field of a small protobuf message, such as the message of a `google.rpc.Status`.
enum ProtobufText {
    /// The text at a path of field numbers; nil when it is not there.
    static func field(_ path: [UInt64], of message: some Collection<UInt8>) -> String? {
        guard let wanted = path.first else { return String(decoding: message, as: UTF8.self) }
        var rest = Array(message)[...]
        while let tag = varint(&rest) {
            switch tag & 7 {
            case 0:
                guard varint(&rest) != nil else { return nil }
            case 1: rest = rest.dropFirst(8)
            case 5: rest = rest.dropFirst(4)
            case 2:
                guard let length = varint(&rest), length <= rest.count else { return nil }
                let content = rest.prefix(Int(length))
                if tag >> 3 == wanted { return field(Array(path.dropFirst()), of: content) }
                rest = rest.dropFirst(Int(length))
            default: return nil
            }
        }
        return nil
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
