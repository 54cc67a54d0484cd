// OwnerListingTests.swift - lists of sessions and users are what their traces come to, page after page.

import Foundation
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct OwnerListingTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)")
        .path

    private static let filters: [(TraceOwner, @Sendable (inout TraceQuery) -> Void)] = [
        (.session, { _ in }),
        (.user, { _ in }),
        (.session, { $0.scope = .only("b") }),
        (.user, { $0.scope = .only("nothing") }),
        (.session, { $0.status = .error }),
        (.user, { $0.model = "m1" }),
        (.session, { $0.user = "u3" }),
        (.user, { $0.session = "s7" }),
        (.session, { $0.session = "s7" }),
        (.session, { $0.startsFrom = 1_700_000_500_000_000_000 }),
        (.user, { $0.endsBefore = 1_700_000_500_000_000_000 }),
        (.session, { $0.errorType = "E1" }),
        (
            .session,
            {
                $0.scope = .only("b")
                $0.spans = [SpanCondition(.attribute("colour"), "c1")]
            }
        ),
        (
            .user,
            {
                $0.scope = .only("b")
                $0.spans = [SpanCondition(.attribute("colour"), "c0")]
            }
        ),
    ]

    @Test func `every page size gives what the traces come to`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var fixture = try OwnerFixture(folder: folder, seed: 1)
        try await fixture.write(1000)
        try await fixture.write(60, late: 200)
        try await IndexFixture.wait(fixture.store)
        for (place, (owner, change)) in Self.filters.enumerated() {
            var query = OwnerQuery(owner)
            change(&query.traces)
            let expected = try await fixture.expected(query)
            #expect(expected.count > 5 || place == 3 || place > 6)
            let sizes = place < 2 ? [7, 100] : place == 2 ? [1] : [25]
            for size in sizes {
                let rows = try await fixture.pages(query, of: size)
                #expect(rows.map(\.name) == expected.map(\.name), "filter \(place), pages of \(size)")
                #expect(rows == expected, "filter \(place), pages of \(size)")
            }
        }
        await fixture.store.close()
    }

    @Test func `sessions that go on between two pages are neither skipped nor repeated`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var fixture = try OwnerFixture(folder: folder, seed: 3)
        try await fixture.write(300)
        var query = OwnerQuery(.session)
        let expected = try await fixture.expected(query)
        query.traces.limit = 7
        var rows: [OwnerRow] = []
        while true {
            let page = try await fixture.store.owners(matching: query)
            rows += page.rows
            guard let next = page.next else { break }
            query.after = next
            // Newer than all before, of the same sessions and of new ones.
            try await fixture.write(40, after: 3000)
        }
        #expect(rows.count > 30)
        #expect(rows.map { [$0.project, $0.name] } == expected.map { [$0.project, $0.name] })
        await fixture.store.close()
    }

    @Test func `a list that runs out of time says where to go on, and goes on`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var fixture = try OwnerFixture(folder: folder, seed: 4)
        try await fixture.write(900)
        var query = OwnerQuery(.user)
        query.traces.patience = .zero
        let first = try await fixture.store.owners(matching: query)
        #expect(first.isPartial)
        #expect(first.next != nil)
        query.after = first.next
        query.traces.patience = .seconds(60)
        let second = try await fixture.store.owners(matching: query)
        query.after = nil
        let expected = try await fixture.expected(query)
        #expect((first.rows + second.rows).map(\.name) == expected.map(\.name))
        await fixture.store.close()
    }

    @Test func `an empty store has no sessions`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let fixture = try OwnerFixture(folder: folder, seed: 1)
        #expect(try await fixture.store.owners(matching: OwnerQuery(.session)) == OwnerPage(rows: []))
        await fixture.store.close()
    }
}
