// CollectorConfigTests.swift - flags, environment, defaults.

import CollectorServer
import Logging
import Testing

struct CollectorConfigTests {
    private static let home = ["HOME": "/home/me"]

    @Test func `without settings the defaults hold`() throws {
        let config = try CollectorConfig(flags: CollectorFlags(), environment: Self.home)
        #expect(config.http == ListenAddress(host: "127.0.0.1", port: 4318))
        #expect(config.dataDirectory == "/home/me/.local/share/skein")
        #expect(config.logLevel == .info)
        #expect(config.maxBodyBytes == 64 << 20)
        #expect(config.memoryBudgetBytes == 128 << 20)
    }

    @Test func `the environment wins over the default and a flag over the environment`() throws {
        var environment = Self.home
        environment["SKEIN_HTTP"] = "0.0.0.0:9000"
        environment["SKEIN_DATA_DIR"] = "/var/lib/skein"
        environment["SKEIN_LOG_LEVEL"] = "WARNING"
        environment["SKEIN_MAX_BODY_BYTES"] = "2048"
        environment["SKEIN_MEMORY_BUDGET_BYTES"] = "2097152"
        let fromEnvironment = try CollectorConfig(flags: CollectorFlags(), environment: environment)
        #expect(fromEnvironment.http == ListenAddress(host: "0.0.0.0", port: 9000))
        #expect(fromEnvironment.dataDirectory == "/var/lib/skein")
        #expect(fromEnvironment.logLevel == .warning)
        #expect(fromEnvironment.maxBodyBytes == 2048)
        #expect(fromEnvironment.memoryBudgetBytes == 2_097_152)
        let flags = CollectorFlags(http: "[::1]:1", dataDirectory: "/data", logLevel: "debug")
        let fromFlags = try CollectorConfig(flags: flags, environment: environment)
        #expect(fromFlags.http == ListenAddress(host: "::1", port: 1))
        #expect(fromFlags.dataDirectory == "/data")
        #expect(fromFlags.logLevel == .debug)
    }

    @Test func `an empty variable counts as not set`() throws {
        var environment = Self.home
        for name in ["SKEIN_HTTP", "SKEIN_DATA_DIR", "SKEIN_LOG_LEVEL"] { environment[name] = "" }
        let config = try CollectorConfig(flags: CollectorFlags(), environment: environment)
        #expect(try config == CollectorConfig(flags: CollectorFlags(), environment: Self.home))
    }

    @Test(arguments: [
        ("/xdg", "/xdg/skein"), ("relative", "/home/me/.local/share/skein"), ("", "/home/me/.local/share/skein"),
    ])
    func `data lies below XDG_DATA_HOME when that is absolute`(_ base: String, _ directory: String) throws {
        let environment = ["HOME": "/home/me", "XDG_DATA_HOME": base]
        #expect(try CollectorConfig(flags: CollectorFlags(), environment: environment).dataDirectory == directory)
    }

    @Test(arguments: [("data", "/srv/data"), ("../data/", "/data"), ("/a/./b", "/a/b")])
    func `a relative directory counts from the working directory`(_ given: String, _ directory: String) throws {
        let flags = CollectorFlags(dataDirectory: given)
        let config = try CollectorConfig(flags: flags, environment: Self.home, workingDirectory: "/srv")
        #expect(config.dataDirectory == directory)
    }

    @Test func `every problem is told at once, with name and value`() {
        let flags = CollectorFlags(http: "nowhere", logLevel: "loud")
        let environment = ["SKEIN_MAX_BODY_BYTES": "12", "SKEIN_MEMORY_BUDGET_BYTES": "lots"]
        let error = #expect(throws: ConfigError.self) { try CollectorConfig(flags: flags, environment: environment) }
        #expect(error?.problems.count == 4)
        for part in ["--http is \"nowhere\"", "--log-level is \"loud\"", "max_body_bytes is 12", "is \"lots\""] {
            #expect(error?.message.contains(part) == true)
        }
    }

    @Test(arguments: [
        ("127.0.0.1:4318", "127.0.0.1", 4318), ("localhost:0", "localhost", 0), ("[::1]:4318", "::1", 4318),
        ("[::]:65535", "::", 65_535),
    ])
    func `an address is read and written`(_ text: String, _ host: String, _ port: Int) {
        let address = ListenAddress(text)
        #expect(address == ListenAddress(host: host, port: port))
        #expect(address?.description == text)
    }

    @Test(arguments: [
        "", "4318", ":4318", "localhost", "localhost:", "localhost:x", "localhost:65536", "localhost:-1", "::1:4318",
        "[localhost]:1", "[::1]", "a b:1", "[]:1", "localhost:٣", "localhost:+1",
    ])
    func `what is no address is refused`(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }
}
