// SpanColumn.swift - the columns of the table of spans.

/// The columns of the table `spans`, in their order.
enum SpanColumn: Int32, CaseIterable {
    case traceID, spanID, parentSpanID, project, service, name, kind, startTime, endTime, durationMilliseconds
    case status, statusMessage, scopeName, scopeVersion, traceState
    case attributes, events, links, resource, scope
    case startNanoseconds, endNanoseconds, traceNumber

    /// What SQLite is told about the table.
    static let declaration =
        "CREATE TABLE spans(" + allCases.map { "\($0.name) \($0.type)" }.joined(separator: ", ") + ")"

    /// The name of the column.
    var name: String {
        switch self {
        case .traceID: "trace_id"
        case .spanID: "span_id"
        case .parentSpanID: "parent_span_id"
        case .startTime: "start_time"
        case .endTime: "end_time"
        case .durationMilliseconds: "duration_ms"
        case .statusMessage: "status_message"
        case .scopeName: "scope_name"
        case .scopeVersion: "scope_version"
        case .traceState: "trace_state"
        case .startNanoseconds: "start_ns"
        case .endNanoseconds: "end_ns"
        case .traceNumber: "trace_no"
        case .project, .service, .name, .kind, .status, .attributes, .events, .links, .resource, .scope: "\(self)"
        }
    }

    private var type: String {
        switch self {
        case .durationMilliseconds: "REAL"
        case .startNanoseconds, .endNanoseconds, .traceNumber: "INTEGER"
        default: "TEXT"
        }
    }
}
