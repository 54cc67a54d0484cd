// JSONValue+Labels.swift - tags, in the forms that dialects write them.

import TraceModel

extension JSONValue {
    /// The tags of a value: a list, a list as JSON text, or text with commas.
    var labels: [String] {
        if let list = array { return list.compactMap(\.string).filter { !$0.isEmpty } }
        guard let text = string else { return [] }
        if text.hasPrefix("["), let list = JSONValue(text) { return list.labels }
        return text.split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
    }
}

extension Substring {
    /// Without the space around it.
    fileprivate var trimmed: String {
        var rest = drop(while: \.isWhitespace)
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
