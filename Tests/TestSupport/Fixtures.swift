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

    /// The requests of a capture that hold spans, as they were sent.
    ///
    /// - Parameter capture: One of `captures`.
    /// - Returns: Each body, maybe gzip, and whether it is JSON.
    /// - Throws: When the capture cannot be read.
    public static func traceRequests(of capture: String) throws -> [(body: [UInt8], isJSON: Bool)] {
        let folder = folder.appendingPathComponent("corpus/\(capture)")
        let data = try Data(contentsOf: folder.appendingPathComponent("headers.json"))
        let headers = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        let requests = headers?["requests"] as? [[String: Any]] ?? []
        return try requests.filter { $0["signal"] as? String == "traces" }.compactMap { request in
            guard let file = request["file"] as? String else { return nil }
            return ([UInt8](try Data(contentsOf: folder.appendingPathComponent(file))), file.hasSuffix("json"))
        }
    }
}
