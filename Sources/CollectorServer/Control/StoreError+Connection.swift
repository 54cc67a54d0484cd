// StoreError+Connection.swift - why nothing answers a command.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import TraceModel
import TraceStore

extension StoreError {
    /// Explains why there is no answer.
    init(noAnswerBy way: APIAccess.Way, _ error: any Error) {
        let reason = ServerStartError.line(error)
        let message =
            switch way {
            case .server(let url): Self.explanation(of: error, url) ?? "\(url) does not answer: \(reason)"
            case .socket: "the collector that runs on the data directory does not answer: \(reason)"
            case .store: "the store does not answer: \(reason)"
            }
        self.init(code: .unavailable, message: message)
    }

    /// What is said of failures that a person can do something about; nil for others.
    private static func explanation(of error: any Error, _ url: String) -> String? {
        let advice = "start 'skein serve' there, or name the address of a running server with --url (SKEIN_URL)"
        if isRefusal(error) { return "nobody answers at \(url): \(advice)" }
        if let error = error as? HTTPClientError, error == .connectTimeout {
            return "nobody answers at \(url) in time: \(advice)"
        }
        guard let error = error as? NIOConnectionError, error.connectionErrors.isEmpty else { return nil }
        return "the host in \(url) has no address: name a running server with --url (SKEIN_URL)"
    }

    /// Whether nothing listens there; of a host with several addresses at one of them.
    private static func isRefusal(_ error: any Error) -> Bool {
        switch error {
        case let error as IOError: error.errnoCode == ECONNREFUSED
        case let error as NIOConnectionError: error.connectionErrors.contains { isRefusal($0.error) }
        default: false
        }
    }
}
