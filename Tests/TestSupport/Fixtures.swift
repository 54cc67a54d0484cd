// Fixtures.swift - where test files lie.

public import Foundation

/// Files under `Tests/Fixtures`, found from this file, so that they can be rewritten in place.
public enum Fixtures {
    /// The folder `Tests/Fixtures`.
    public static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures")

    /// The names of the captures in `Tests/Fixtures/corpus`, sorted.
    public static let captures: [String] = {
        let corpus = folder.appendingPathComponent("corpus")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: corpus.path)) ?? []
        return names.sorted().filter {
            FileManager.default.fileExists(atPath: corpus.appendingPathComponent("\($0)/expected.json").path)
        }
    }()
}
