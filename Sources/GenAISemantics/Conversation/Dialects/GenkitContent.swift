// GenkitContent.swift - content as Genkit writes it (attribute dictionary, section 4.11).

import TraceModel

extension ContentDialect {
    /// Genkit.
    static let genkit = ContentDialect(
        input: [.value("genkit:input")],
        output: [.value("genkit:output")]
    )
}
