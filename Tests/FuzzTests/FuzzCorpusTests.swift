// FuzzCorpusTests.swift - the inputs that fuzzing found interesting, once each.

import Dispatch
import Foundation
import TestSupport
import Testing

struct FuzzCorpusTests {
    @Test(arguments: FuzzTarget.allCases)
    func `every input that fuzzing kept is taken without a fault`(_ target: FuzzTarget) async throws {
        let folder = Fixtures.folder.appendingPathComponent("fuzz/\(target.rawValue)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(!names.isEmpty)
        for name in names {
            let input = try Data(contentsOf: folder.appendingPathComponent(name))
            let finding = await finding(of: input, target)
            #expect(finding == nil, "\(target.rawValue)/\(name)")
        }
    }

    /// What an input brings to light, on a thread that may block.
    private func finding(of input: Data, _ target: FuzzTarget) async -> String? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                do throws(FuzzFinding) {
                    // Not through a closure of the standard library, which would lose the type of the error.
                    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: input.count, alignment: 1)
                    defer { bytes.deallocate() }
                    bytes.copyBytes(from: input)
                    try target.feed(UnsafeRawBufferPointer(bytes))
                    continuation.resume(returning: nil)
                } catch {
                    continuation.resume(returning: error.description)
                }
            }
        }
    }
}
