// BodySet.swift - request bodies from a directory of scripts/tools/otlp_load.py.

import Foundation
import OTLPCodec
import TraceModel

/// A directory of bodies.
struct BodySet {
    private let path: String
    private let names: [String]

    init(path: String) throws {
        self.path = path
        names = try FileManager.default.contentsOfDirectory(atPath: path)
            .filter { $0.hasSuffix(".pb") }
            .map { String($0.dropLast(3)) }
            .sorted()
    }

    var count: Int { names.count }

    /// The bodies of a range in one of their forms.
    func bodies(_ range: Range<Int>, _ suffix: String = ".pb") throws -> [BatchStorage] {
        try names[range.clamped(to: names.indices)].map { name in
            BatchStorage(copying: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)\(suffix)")))
        }
    }

    /// Whether the set has bodies of that form.
    func has(_ suffix: String) -> Bool {
        names.first.map { FileManager.default.fileExists(atPath: "\(path)/\($0)\(suffix)") } ?? false
    }
}
