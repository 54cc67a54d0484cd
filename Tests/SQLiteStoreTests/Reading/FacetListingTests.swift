// FacetListingTests.swift - the values of facets are counted as statistics count them.

import Foundation
import TestSupport
import Testing
import TraceModel
import TraceStore

@testable import SQLiteStore

struct FacetListingTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)")
        .path

    private static let dimensions: [(FacetField, StatsDimension)] = [
        (.model, .model), (.provider, .provider), (.service, .service), (.project, .project),
        (.operation, .operation), (.status, .status), (.user, .user), (.session, .session),
    ]

    private static let filters: [@Sendable (inout CallQuery) -> Void] = [
        { _ in },
        { $0.scope = .only("b") },
        { $0.model = "m1" },
        { $0.status = .error },
        { $0.user = "u3" },
        { $0.startsFrom = 1_700_000_123_000_000_000 },
        { $0.spans = [SpanCondition(.attribute("colour"), "c1")] },
        { $0.model = "nothing" },
    ]

    private static func sorted(_ values: [FacetValue]) -> [FacetValue] {
        values.sorted { ($1.calls, $1.traces, $0.value) < ($0.calls, $0.traces, $1.value) }
    }

    @Test func `values are those of statistics, whether these are kept or counted`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var fixture = try OwnerFixture(folder: folder, seed: 5)
        try await fixture.write(400, late: 100)
        try await IndexFixture.wait(fixture.store)
        for (place, change) in Self.filters.enumerated() {
            for (field, dimension) in Self.dimensions {
                var stats = StatsQuery()
                change(&stats.calls)
                stats.groupBy = [dimension]
                var expected: [FacetValue] = []
                for row in try await fixture.store.stats(matching: stats).rows {
                    guard let value = row.group[0] else { continue }
                    expected.append(FacetValue(value: value, calls: row.calls, traces: row.traces))
                }
                var query = FacetQuery()
                change(&query.calls)
                query.fields = [field]
                let page = try await fixture.store.facets(matching: query)
                #expect(page.values.map(Self.sorted) == [Self.sorted(expected)], "filter \(place), \(field)")
                #expect(!page.isTruncated)
                #expect(page.values[0].map(\.calls) == expected.map(\.calls).sorted(by: >))
            }
        }
        await fixture.store.close()
    }

    @Test func `error classes and several fields at once`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var fixture = try OwnerFixture(folder: folder, seed: 6)
        try await fixture.write(400)
        var query = FacetQuery()
        query.fields = [.errorType, .model]
        let page = try await fixture.store.facets(matching: query)
        #expect(Set(page.values[0].map(\.value)) == ["E0", "E1", "E2"])
        for value in page.values[0] {
            var stats = StatsQuery()
            stats.calls.errorType = value.value
            let rows = try await fixture.store.stats(matching: stats).rows
            #expect(rows.map(\.calls) == [value.calls])
            #expect(rows.map(\.traces) == [value.traces])
        }
        query.fields = [.model]
        #expect(try await fixture.store.facets(matching: query).values[0] == page.values[1])
        query.limit = 2
        let short = try await fixture.store.facets(matching: query)
        #expect(short.isTruncated)
        #expect(short.values[0] == Array(page.values[1].prefix(2)))
        await fixture.store.close()
    }
}
