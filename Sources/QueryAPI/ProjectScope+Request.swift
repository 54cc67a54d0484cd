// ProjectScope+Request.swift - which projects a request reads.

import HTTPTypes
import TraceStore

extension ProjectScope {
    private static let header = HTTPField.Name("X-Skein-Project")
    private static let longestName = 128

    /// The project that the header `X-Skein-Project` or the parameter `project` names, else all of them.
    init(headers: HTTPFields, parameters: QueryParameters) throws(APIError) {
        var names = Self.header.map { headers[values: $0] } ?? []
        if let name = parameters["project"] { names.append(name) }
        guard let name = names.first else {
            self = .all
            return
        }
        guard names.allSatisfy({ $0 == name }) else {
            throw .invalid("project", "X-Skein-Project and 'project' name different projects; give one of them")
        }
        guard (1...Self.longestName).contains(name.utf8.count) else {
            throw .invalid("project", "a project's name has 1 to \(Self.longestName) bytes")
        }
        self = .only(name)
    }
}
