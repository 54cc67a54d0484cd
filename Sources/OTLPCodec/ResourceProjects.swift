// ResourceProjects.swift - which project the spans of each resource belong to.

import COTLP
import TraceModel

/// The projects of a request, and which resource belongs to which.
struct ResourceProjects {
    /// The project of spans that name none.
    static let fallback = "default"
    /// The longest name that a resource may give, in bytes.
    static let maxNameBytes = 128

    /// Each name once.
    private(set) var names: [String]
    /// Which of `names` each resource has; empty when all have the first.
    private(set) var ofResource: [UInt32] = []

    /// Reads the projects of resources.
    ///
    /// - Parameters:
    ///   - resources: Envelopes that passed the scanner.
    ///   - override: The project of all, whatever the resources say.
    /// - Throws: `OTLPCodecError` when there is no memory to decode a resource.
    init(_ resources: [SpanEnvelope], override: String?) throws(OTLPCodecError) {
        names = [override ?? Self.fallback]
        guard override == nil else { return }
        var known = [ExactString(Self.fallback): UInt32(0)]
        var decoder: SpanDecoder?
        for (index, resource) in resources.enumerated() where resource.bytes.mentionsProject {
            if decoder == nil { decoder = try SpanDecoder() }
            guard let decoder, let name = try Self.name(in: resource, decoder) else { continue }
            let number = known[ExactString(name)] ?? UInt32(names.count)
            if number == names.count {
                known[ExactString(name)] = number
                names.append(name)
            }
            if ofResource.isEmpty { ofResource = Array(repeating: 0, count: resources.count) }
            ofResource[index] = number
        }
    }

    /// The name that a resource gives; nil when it gives none that can be used.
    private static func name(
        in resource: SpanEnvelope,
        _ decoder: SpanDecoder
    ) throws(OTLPCodecError) -> String? {
        // Typed throws do not pass through withUnsafeBytes, so the result does.
        let result = resource.bytes.withUnsafeBytes { bytes -> Result<String?, OTLPCodecError> in
            Result { () throws(OTLPCodecError) in
                try decoder.withResourceSpans(bytes) { $0.pointee.projectName }
            }
        }
        return try result.get()
    }
}

/// `openinference.project.name`, the resource attribute of Phoenix and the OpenInference SDKs.
private let projectKey: StaticString = "openinference.project.name"

extension [UInt8] {
    /// Whether the key occurs anywhere: saves decoding the many resources without it.
    fileprivate var mentionsProject: Bool {
        withUnsafeBytes { bytes in
            let length = projectKey.utf8CodeUnitCount
            guard bytes.count >= length else { return false }
            let head = UnsafeRawPointer(projectKey.utf8Start).loadUnaligned(as: UInt64.self)
            return (0...bytes.count - length).contains { offset in
                bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) == head
                    && bytes[offset..<offset + length].elementsEqual(projectKey.bytes)
            }
        }
    }
}

extension StaticString {
    fileprivate var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
    }
}

extension OTLPResourceSpans {
    /// The first usable project name among the resource's attributes.
    fileprivate var projectName: String? {
        guard let resource = resource?.pointee else { return nil }
        let attributes = UnsafeBufferPointer(start: resource.attributes, count: resource.n_attributes)
        return attributes.lazy.compactMap { $0?.pointee.projectName }.first
    }
}

extension OTLPKeyValue {
    fileprivate var projectName: String? {
        let keyBytes = UnsafeBufferPointer(start: key.data, count: key.len)
        guard keyBytes.elementsEqual(projectKey.bytes), let value = value?.pointee,
            value.value_case == OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_STRING_VALUE
        else { return nil }
        let text = UnsafeBufferPointer(start: value.string_value.data, count: value.string_value.len)
        guard (1...ResourceProjects.maxNameBytes).contains(text.count) else { return nil }
        let name = String(decoding: text, as: UTF8.self)
        return name.unicodeScalars.contains { $0.properties.generalCategory == .control } ? nil : name
    }
}
