// ShapeReader+Media.swift - images, sounds, videos and documents by reference.

import TraceModel

extension ShapeReader {
    /// A reference in any shape; nil when the object says neither where the thing is nor how large.
    ///
    /// - Parameters:
    ///   - value: The part, or what it wraps; a string is an address or base64.
    ///   - modality: What the type of the part says.
    /// - Returns: The reference.
    func media(_ value: JSONValue, _ modality: MediaReference.Modality?) -> MediaReference? {
        var found = Found(modality: modality)
        search(value, &found, depth: 0)
        guard let place = found.place else { return nil }
        let type = found.mimeType
        return MediaReference(
            modality: found.modality ?? type.flatMap(Self.modality(ofType:)) ?? .document,
            mimeType: type,
            place: place
        )
    }

    private struct Found {
        var modality: MediaReference.Modality?
        var mimeType: String?
        var place: MediaReference.Place?
    }

    /// Wrappers nest at most this deep, as in OpenInference's `image.image.url`.
    private static let deepest = 4

    private func search(_ value: JSONValue, _ found: inout Found, depth: Int) {
        if let text = value.string { return take(text, &found) }
        guard value.object != nil, depth < Self.deepest else { return }
        if let modality = value["modality"]?.string.flatMap(MediaReference.Modality.init) { found.modality = modality }
        if let type = value.text("mime_type", "mimeType", "media_type", "mediaType", "contentType", "content_type") {
            found.mimeType = type
        } else if found.mimeType == nil, let format = value.text("format"), let modality = found.modality {
            found.mimeType = modality == .document ? "application/\(format)" : "\(modality.rawValue)/\(format)"
        }
        if let id = value.identifier("file_id", "fileId") { found.place = .file(id) }
        for name in ["url", "uri", "file_uri", "fileUri", "image_url", "file_url", "s3Location"]
        where found.place == nil {
            if let inner = value[name] { search(inner, &found, depth: depth + 1) }
        }
        for name in ["data", "bytes", "file_data", "base64", "content"] where found.place == nil {
            if let text = value[name]?.string, !text.isEmpty { takeBytes(text, &found) }
        }
        let wrappers = [
            "source", "image", "audio", "video", "document", "file", "input_audio", "audio_url", "video_url",
            "inline_data", "inlineData", "file_data", "fileData", "media",
        ]
        for name in wrappers where found.place == nil {
            if let inner = value[name] { search(inner, &found, depth: depth + 1) }
        }
        if found.place == nil, let id = value.identifier("id") { found.place = .file(id) }
    }

    /// A string where an address is expected: it may hold the bytes itself.
    private func take(_ text: String, _ found: inout Found) {
        if text.utf8.starts(with: "data:".utf8) { return takeBytes(text, &found) }
        // What is short is the name of a file, or an address without a scheme.
        let isAddress = text.utf8.count <= 256 || (text.utf8.count <= 4096 && text.contains("://"))
        if isAddress { found.place = .uri(text) } else if !text.isEmpty { takeBytes(text, &found) }
    }

    /// Base64, or a `data:` address (RFC 2397) that says its type.
    private func takeBytes(_ text: String, _ found: inout Found) {
        let bytes = text.utf8
        var start = bytes.startIndex
        if bytes.starts(with: "data:".utf8), let comma = bytes.prefix(256).firstIndex(of: UInt8(ascii: ",")) {
            let type = bytes[bytes.index(start, offsetBy: 5)..<comma].prefix { $0 != UInt8(ascii: ";") }
            if !type.isEmpty { found.mimeType = String(Substring(type)) }
            start = bytes.index(after: comma)
        }
        let digits = bytes[start...]
        let padding = digits.suffix(2).count { $0 == UInt8(ascii: "=") }
        found.place = .inline(bytes: max(0, digits.count * 3 / 4 - padding))
    }

    private static func modality(ofType type: String) -> MediaReference.Modality? {
        type.split(separator: "/").first.flatMap { MediaReference.Modality(rawValue: $0.lowercased()) }
    }
}

extension JSONValue {
    /// The longest string that may be bytes and is kept.
    private static let longestBytes = 1024

    /// The same value with the bytes of files left out: their size stands in their place.
    ///
    /// Calls itself once per level, at most as deep as JSON nests.
    var withoutInlineBytes: JSONValue {
        switch self {
        case .array(let elements): return .array(elements.map(\.withoutInlineBytes))
        case .object(let members):
            let isFile = members.contains { Self.typeNames.contains($0.name) }
            return .object(
                members.map { member in
                    guard isFile, Self.byteNames.contains(member.name), let text = member.value.string,
                        text.utf8.count > Self.longestBytes,
                        text.utf8.prefix(Self.longestBytes).allSatisfy(Self.isBase64)
                    else { return JSONMember(member.name, member.value.withoutInlineBytes) }
                    return JSONMember(member.name, .string("<\(text.utf8.count) bytes>"))
                }
            )
        case .string(let text) where text.utf8.count > Self.longestBytes && text.utf8.starts(with: "data:".utf8):
            let head = text.utf8.prefix(256)
            guard let comma = head.firstIndex(of: UInt8(ascii: ",")) else { return self }
            return .string(String(Substring(head[...comma])) + "<\(text.utf8.count) bytes>")
        default: return self
        }
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static let typeNames: Set<String> = [
        "mime_type", "mimeType", "media_type", "mediaType", "contentType", "content_type", "format",
    ]
    private static let byteNames: Set<String> = ["data", "bytes", "file_data", "base64", "content", "image", "blob"]
}
