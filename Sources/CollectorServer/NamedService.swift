// NamedService.swift - a part of the server as its group knows it.

import ServiceLifecycle

/// A service with a name.
///
/// The group prints each of its services into a string at the start. Without a text of its own Swift looks through all
/// conformances of the binary for one, for each type: a tenth of a start (perf).
struct NamedService: Service, TextOutputStreamable {
    let name: String
    let service: any Service

    /// Names a service by its type.
    init(_ service: any Service) {
        let type = String(describing: type(of: service))
        name = String(type.prefix { $0 != "<" })
        self.service = service
    }

    func write<Target: TextOutputStream>(to target: inout Target) {
        target.write(name)
    }

    func run() async throws {
        try await service.run()
    }
}
