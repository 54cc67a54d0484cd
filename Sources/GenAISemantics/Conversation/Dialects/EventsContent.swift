// EventsContent.swift - content in span events and log records (attribute dictionary, section 2).

import TraceModel

extension ContentDialect {
    /// The message events of the conventions, by their names.
    static let events = ContentDialect(input: [.events], output: [.events])
}
