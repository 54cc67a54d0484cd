// RetentionConfigTests.swift - how long traces are kept, as people write it.

import Foundation
import Testing
import TraceStore

@testable import CollectorServer

struct RetentionConfigTests {
    private func load(_ environment: [String: String], flags: CollectorFlags = CollectorFlags()) throws
        -> RetentionPolicy
    {
        try LoadedConfig(flags: flags, environment: environment.merging(["HOME": "/nowhere"]) { own, _ in own }).config
            .retention
    }

    @Test(
        arguments: [
            ("2000000000", 2_000_000_000), ("2GB", 2_000_000_000), ("500MiB", 524_288_000), ("1.5 gib", 1_610_612_736),
            ("10b", 10), ("2 TB", 2_000_000_000_000), ("", nil), ("GB", nil), ("-1GB", nil), ("1e9", nil),
            ("2 XB", nil),
        ] as [(String, Int64?)]
    )
    func `bytes are read with their unit`(_ text: String, _ bytes: Int64?) {
        #expect(ByteCount.bytes(text) == bytes)
    }

    @Test func `retention is read from flags, environment and the YAML of projects`() throws {
        var flags = CollectorFlags()
        flags.retentionDays = "30"
        let policy = try load(
            [
                "SKEIN_RETENTION_DAYS": "7", "SKEIN_RETENTION_MAX_BYTES": "2GB",
                "SKEIN_RETENTION_PROJECTS": "{shop: {days: off, max_bytes: 1MB}, a.b: {content_days: 2}}",
            ],
            flags: flags
        )
        #expect(policy.all == RetentionLimits(days: 30, maxBytes: 2_000_000_000))
        #expect(policy.projects["shop"] == RetentionLimits(days: 0, maxBytes: 1_000_000))
        #expect(policy.days(of: "shop") == nil && policy.days(of: "other") == 30)
        #expect(policy.contentDays(of: "a.b") == 2 && policy.contentDays(of: "shop") == nil)
        #expect(try load([:]).isEmpty)
    }

    @Test(arguments: [
        ["SKEIN_RETENTION_DAYS": "0"], ["SKEIN_RETENTION_DAYS": "ten"], ["SKEIN_RETENTION_MAX_BYTES": "2 XB"],
        ["SKEIN_RETENTION_MAX_BYTES": "1MB"], ["SKEIN_RETENTION_PROJECTS": "{shop: {weeks: 1}}"],
    ])
    func `what makes no sense is refused`(_ environment: [String: String]) {
        #expect(throws: ConfigError.self) { try load(environment) }
    }
}
