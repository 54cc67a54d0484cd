// StoreService.swift - closes the store when everybody else has stopped.

import ServiceLifecycle
import TraceStore

/// Holds the store open as long as others run: started first, so stopped last.
struct StoreService: Service {
    let store: any CollectorStore

    func run() async throws {
        do {
            try await store.whenReady()
        } catch {
            await store.close()
            throw error
        }
        // Cancelled means that another service failed or the time was up; the store is closed all the same.
        try? await gracefulShutdown()
        await store.close()
    }
}
