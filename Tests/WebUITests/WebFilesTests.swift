// WebFilesTests.swift - what the files of the page hold.

import Foundation
import NIOCore
import TestSupport
import Testing

@testable import WebUI

struct WebFilesTests {
    private static let folder = Fixtures.folder
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources/CAssets/Assets/web")

    @Test func `every file of the folder is embedded as it is, and no other`() throws {
        let embedded = Dictionary(uniqueKeysWithValues: WebFile.embedded().map { ($0.path, $0.plain.bytes) })
        let names = try FileManager.default.subpathsOfDirectory(atPath: Self.folder.path).filter {
            !Self.folder.appending(path: $0).hasDirectoryPath
                && (try? Self.folder.appending(path: $0).resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory
                    == false
        }
        #expect(Set(names) == Set(embedded.keys), "run scripts/web_files.py")
        for name in names {
            let bytes = try Data(contentsOf: Self.folder.appending(path: name))
            #expect(embedded[name].map { Data($0.readableBytesView) } == bytes, "\(name)")
        }
    }

    @Test func `the whole page is under 150 KB compressed`() {
        let total = WebFile.embedded().map { ($0.gzip ?? $0.plain).bytes.readableBytes }.reduce(0, +)
        #expect(total < 150_000)
        #expect(total > 1000)
    }

    @Test func `the document holds no script, style or handler of its own`() throws {
        let index = try #require(WebFile.embedded().first { $0.path == "index.html" })
        let text = String(buffer: index.plain.bytes).lowercased()
        #expect(!text.contains("<style"))
        #expect(!text.contains(/\sstyle\s*=/))
        #expect(!text.contains(/\son[a-z]+\s*=/))
        #expect(!text.contains("javascript:"))
        for script in text.matches(of: /<script([^>]*)>([^<]*)</) {
            #expect(script.1.contains("src=\"/assets/"))
            #expect(script.2.isEmpty)
        }
        // Nothing comes from elsewhere: the page works offline.
        #expect(!text.contains("http:"))
        #expect(!text.contains("https:"))
    }

    @Test func `every file that the document names is there`() throws {
        let files = WebFile.embedded()
        let index = try #require(files.first { $0.path == "index.html" })
        let names = String(buffer: index.plain.bytes).matches(of: /"\/assets\/([^"]+)"/).map { String($0.1) }
        #expect(Set(names).isSubset(of: files.map(\.path)))
        #expect(names.contains("js/main.js"))
    }

    @Test func `no script makes markup or code of text`() {
        let forbidden = [
            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
            "createContextualFragment",
            "DOMParser", "setHTML", "srcdoc",
        ]
        for file in WebFile.embedded() where file.path.hasSuffix(".js") {
            let text = String(buffer: file.plain.bytes)
            for word in forbidden {
                #expect(!text.contains(word), "\(word) in \(file.path)")
            }
            #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 300, "\(file.path)")
        }
    }
}
