// SpanTexts.swift - what can be searched for in the attributes of a span.

import COTLP
import TraceModel

/// Collects texts from attributes as they are, without reading a conversation out of them.
enum SpanTexts {
    /// Collects the texts of the attributes that hold content.
    static func collect(_ attributes: UnsafeBufferPointer<UnsafeMutablePointer<KeyValue>?>, into texts: inout TextList)
    {
        let searched = SearchedAttributes.standard
        for case .some(let attribute) in attributes {
            guard let value = attribute.pointee.value, let (form, path) = searched.form(of: attribute.pointee.key.bytes)
            else { continue }
            let name = path.map { TextName.of(lastSegment(of: $0)) } ?? .content
            collect(UnsafePointer(value), name, form, depth: 0, into: &texts)
        }
    }

    private static func lastSegment(of path: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard let dot = path.lastIndex(of: UInt8(ascii: ".")) else { return path }
        return UnsafeBufferPointer(rebasing: path[(dot + 1)...])
    }

    /// Calls itself once per level: stored values nest at most 64 deep.
    private static func collect(
        _ value: UnsafePointer<AnyValue>,
        _ name: TextName,
        _ form: SearchedAttributes.Form,
        depth: Int,
        into texts: inout TextList
    ) {
        switch value.pointee.kind {
        case AnyValue.stringKind:
            let text = value.pointee.string_value.bytes
            if form == .free || !name.hides(text) { JSONTexts(form).collect(text, into: &texts) }
        case AnyValue.intKind where form == .free && name == .content:
            texts.append(String(value.pointee.int_value))
        case AnyValue.doubleKind where form == .free && name == .content:
            texts.append("\(value.pointee.double_value)")
        case AnyValue.arrayKind:
            guard let list = value.pointee.array_value?.pointee, depth < JSONLimit.depth else { return }
            for case .some(let element) in UnsafeBufferPointer(start: list.values, count: list.n_values)
            where element.pointee.isNested {
                collect(UnsafePointer(element), .content, form, depth: depth + 1, into: &texts)
            }
        case AnyValue.listKind:
            guard let list = value.pointee.kvlist_value?.pointee, depth < JSONLimit.depth else { return }
            for case .some(let entry) in UnsafeBufferPointer(start: list.values, count: list.n_values) {
                guard let value = entry.pointee.value else { continue }
                let name = form == .free ? .content : TextName.of(entry.pointee.key.bytes)
                guard name != .machine, name != .offer || depth > 2 else { continue }
                collect(UnsafePointer(value), name, form, depth: depth + 1, into: &texts)
            }
        default: break
        }
    }
}

extension AnyValue {
    /// Whether this is more than a number or a truth value: lists of numbers are vectors, which nobody looks for.
    fileprivate var isNested: Bool {
        kind == AnyValue.stringKind || kind == AnyValue.arrayKind || kind == AnyValue.listKind
    }
}
