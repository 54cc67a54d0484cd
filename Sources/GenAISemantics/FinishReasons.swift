// FinishReasons.swift - why the choices of a call ended.

import COTLP
import TraceModel

/// Reads finish reasons: a list of strings, the same as JSON text, or one plain text.
enum FinishReasons {
    /// The reasons in order; nil when there is none, so that the next name is tried.
    static func read(_ value: UnsafePointer<AnyValue>) -> FewStrings? {
        if value.pointee.kind == AnyValue.arrayKind {
            guard let list = value.pointee.array_value else { return nil }
            return reasons(inList: list)
        }
        guard let text = value.text else { return nil }
        if text.first == UInt8(ascii: "["), let reasons = reasons(inJSON: text) {
            return reasons.isEmpty ? nil : reasons
        }
        var reasons = FewStrings()
        reasons.append(reason(text))
        return reasons
    }

    private static func reasons(
        inList list: UnsafeMutablePointer<Opentelemetry__Proto__Common__V1__ArrayValue>
    ) -> FewStrings? {
        guard let values = list.pointee.values else { return nil }
        var reasons = FewStrings()
        for place in 0..<min(list.pointee.n_values, TextLimit.finishReasons) {
            guard let value = values[place], let text = UnsafePointer(value).text else { continue }
            reasons.append(reason(text))
        }
        return reasons.isEmpty ? nil : reasons
    }

    /// The strings of a flat JSON array; nil for anything else.
    ///
    /// Reasons are plain words: escapes are not read.
    private static func reasons(inJSON text: UnsafeBufferPointer<UInt8>) -> FewStrings? {
        guard text.count <= TextLimit.finishReasons * TextLimit.finishReason,
            text.last == UInt8(ascii: "]"), !text.contains(UInt8(ascii: "\\"))
        else { return nil }
        var reasons = FewStrings()
        let inner = UnsafeBufferPointer(rebasing: text[1..<text.count - 1])
        for item in inner.split(separator: UInt8(ascii: ",")) {
            var item = item
            while item.first == 0x20 { item.removeFirst() }
            while item.last == 0x20 { item.removeLast() }
            if item.elementsEqual("null".utf8) { continue }
            guard item.count >= 2, item.first == UInt8(ascii: "\""), item.last == UInt8(ascii: "\"") else { return nil }
            let word = UnsafeBufferPointer(rebasing: item.dropFirst().dropLast())
            if !word.isEmpty, reasons.count < TextLimit.finishReasons { reasons.append(reason(word)) }
        }
        return reasons
    }

    private static func reason(_ text: UnsafeBufferPointer<UInt8>) -> String {
        String(text, cutAt: TextLimit.finishReason)
    }
}
