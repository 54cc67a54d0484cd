// WebDocument.swift - the document of each page.

import CAssets
import NIOCore

/// Makes the documents: `index.html`, with the paths of this version and with the modules that the page needs.
///
/// Told of all modules at once, a browser does not find them one behind the other.
enum WebDocument {
    static let template = "index.html"
    /// What every path of a file begins with.
    static let assets = "/assets/"

    /// The paths at which people may arrive, a name with a colon for any step, and the modules that each needs.
    static var pages: [(path: String, modules: [Substring])] {
        var count = 0
        let pages = UnsafeBufferPointer(start: skein_web_pages(&count), count: count)
        return pages.map { (String(cString: $0.path), String(cString: $0.modules).split(separator: "\n")) }
    }

    /// A document for each page, whose `path` is that of the page; `folder` is where the files are: `/assets/0123…/`.
    static func all(of files: [WebFile], folder: String) -> [WebFile] {
        guard let index = files.first(where: { $0.path == template }) else { return [] }
        let text = String(buffer: index.plain.bytes)
        return pages.map { page in
            let links = page.modules.map { "  <link rel=\"modulepreload\" href=\"\(assets)\($0)\">\n" }.joined()
            let whole = text.replacing("</head>", with: links + "</head>", maxReplacements: 1)
                .replacing(assets, with: folder)
            return Array(whole.utf8).withUnsafeBytes {
                WebFile(path: page.path, contentType: index.contentType, bytes: $0)
            }
        }
    }
}
