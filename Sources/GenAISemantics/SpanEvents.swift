// SpanEvents.swift - what a call's record takes from the events and the status of its span.

import COTLP

/// A decoded OTLP `Span`.
typealias DecodedSpan = Opentelemetry__Proto__Trace__V1__Span

extension UnsafePointer<DecodedSpan> {
    /// The class of the last exception that the span recorded.
    var lastExceptionType: String? {
        guard let events = pointee.events else { return nil }
        for place in (0..<pointee.n_events).reversed() {
            guard let event = events[place], event.pointee.name.equals("exception") else { continue }
            let attributes = UnsafeBufferPointer(start: event.pointee.attributes, count: event.pointee.n_attributes)
            for attribute in attributes.reversed() {
                guard let attribute, attribute.pointee.key.equals("exception.type") else { continue }
                return UnsafePointer<AnyValue>(attribute.pointee.value)?.text.map { String($0, cutAt: TextLimit.name) }
            }
            return nil
        }
        return nil
    }

    /// The message of a status that says error.
    var errorMessage: String? {
        // OTLP 1.x, Status.code: 2 is STATUS_CODE_ERROR.
        guard let status = pointee.status, status.pointee.code == 2 else { return nil }
        let message = status.pointee.message.bytes
        return message.isEmpty ? nil : String(message, cutAt: TextLimit.errorMessage)
    }

    /// Nanoseconds from the start to the first event that reports a token; nil without one, or without a start.
    var timeToFirstTokenEvent: Int64? {
        guard let events = pointee.events, pointee.start_time_unix_nano > 0 else { return nil }
        for place in 0..<pointee.n_events {
            guard let event = events[place], event.pointee.name.equals("gen_ai.first_token") else { continue }
            let (elapsed, before) = event.pointee.time_unix_nano
                .subtractingReportingOverflow(pointee.start_time_unix_nano)
            if !before { return Int64(exactly: elapsed) }
        }
        return nil
    }
}
