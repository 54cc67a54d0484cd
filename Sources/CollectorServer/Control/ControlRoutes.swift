// ControlRoutes.swift - what commands of the owner may ask a running collector for.

import Foundation
import Hummingbird
import NIOCore
import TraceModel
import TraceStore

/// `GET /keys`, `POST /keys` and `DELETE /keys/ID`, keys without their secrets, `POST /reprice/NUMBER`,
/// `POST /reindex`, `POST /reindex/PART` and `GET /index-lag`; as JSON.
struct ControlRoutes<Context: RequestContext>: Sendable {
    let keys: any KeyStore
    let prices: any PriceKeeper
    let index: any IndexKeeper
    private let maxBodyBytes = 16 << 10

    init(keys: any KeyStore, prices: any PriceKeeper, index: any IndexKeeper) {
        self.keys = keys
        self.prices = prices
        self.index = index
    }

    func add(to router: some RouterMethods<Context>) {
        router.get("/keys") { request, _ in
            try await answer(request) { try await keys.keys() }
        }
        router.post("/keys") { request, _ in
            let body = try await request.body.collect(upTo: maxBodyBytes)
            let key = try JSONDecoder().decode(AccessKey.self, from: Data(body.readableBytesView))
            return try await answer(request) {
                try await keys.addKey(key)
                return [key]
            }
        }
        router.delete("/keys/:id") { request, context in
            let id = context.parameters.get("id") ?? ""
            return try await answer(request) { try await keys.revokeKey(id).map { [$0] } ?? [] }
        }
        router.post("/reprice/:after") { request, context in
            let after = context.parameters.get("after", as: Int64.self) ?? 0
            return try await answer(request) { try await prices.reprice(after: after) }
        }
        router.post("/reindex") { request, _ in
            try await answer(request) { try await index.reindex(after: nil) }
        }
        router.post("/reindex/:after") { request, context in
            let after = context.parameters.get("after", as: Int64.self) ?? 0
            return try await answer(request) { try await index.reindex(after: after) }
        }
        router.get("/index-lag") { request, _ in
            try await answer(request) { await index.indexLag() }
        }
    }

    private func answer(_ request: Request, _ work: () async throws -> some Encodable) async throws -> Response {
        do {
            return try .json(.ok, try await work(), to: request)
        } catch let error as StoreError {
            let status: HTTPResponse.Status = error.code == .invalid ? .badRequest : .serviceUnavailable
            return try .json(status, ErrorBody(code: error.code.rawValue, message: error.message), to: request)
        }
    }
}
