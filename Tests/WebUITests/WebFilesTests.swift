// WebFilesTests.swift - what the files of the page hold.

import Foundation
import NIOCore
import TestSupport
import Testing

@testable import WebUI

struct WebFilesTests {
    private static let folder = Fixtures.folder
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources/CAssets/Assets/web")

    @Test func `every file of the folder is embedded as it is, style sheets as one, and no other`() throws {
        var embedded = Dictionary(
            uniqueKeysWithValues: WebFile.embedded().map { ($0.path, Data($0.plain.bytes.readableBytesView)) }
        )
        let removed = embedded.removeValue(forKey: "style.css")
        let style = try #require(removed)
        let names = try FileManager.default.subpathsOfDirectory(atPath: Self.folder.path).filter {
            !Self.folder.appending(path: $0).hasDirectoryPath
                && (try? Self.folder.appending(path: $0).resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory
                    == false
        }
        let sheets = names.filter { $0.hasSuffix(".css") }
        #expect(Set(names).subtracting(sheets) == Set(embedded.keys), "run scripts/web_files.py")
        var styleBytes = 0
        for name in names {
            let bytes = try Data(contentsOf: Self.folder.appending(path: name))
            guard name.hasSuffix(".css") else {
                #expect(embedded[name] == bytes, "\(name)")
                continue
            }
            #expect(style.range(of: bytes) != nil, "\(name)")
            styleBytes += bytes.count
        }
        #expect(style.count == styleBytes)
        #expect(style.starts(with: try Data(contentsOf: Self.folder.appending(path: "css/tokens.css"))))
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
        for page in WebDocument.pages {
            #expect(Set(page.modules.map(String.init)).isSubset(of: files.map(\.path)), "\(page.path)")
        }
    }

    @Test func `a page names each module that it needs once, and none that it loads later`() throws {
        let texts = Dictionary(
            uniqueKeysWithValues: WebFile.embedded().map { ($0.path, String(buffer: $0.plain.bytes)) }
        )
        for page in WebDocument.pages {
            let modules = Set(page.modules.map(String.init))
            #expect(modules.count == page.modules.count)
            #expect(modules.contains("js/main.js"))
            #expect(!modules.contains("js/help.js"))
            for module in modules {
                let text = try #require(texts[module])
                for line in text.split(separator: "\n") {
                    guard let found = line.firstMatch(of: /^import [^;']*'(\.[^']+)';/) else { continue }
                    let needed = URL(filePath: "/\(module)").deletingLastPathComponent()
                        .appending(path: found.1).standardizedFileURL.path.dropFirst()
                    #expect(modules.contains(String(needed)), "\(page.path): \(module) needs \(needed)")
                }
            }
        }
    }

    @Test func `another byte in any file is another version`() {
        let files = WebFile.embedded()
        let other = files.map { file in
            guard file.path == "icon.svg" else { return file }
            return Array("<svg/>".utf8).withUnsafeBytes {
                WebFile(path: file.path, contentType: file.contentType, bytes: $0)
            }
        }
        #expect(WebFile.digest(of: files) == WebFile.digest(of: files.reversed()))
        #expect(WebFile.digest(of: files) != WebFile.digest(of: other))
        #expect(WebFile.digest(of: files).count == 32)
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
