// ProjectScope+Request.swift - which projects a request reads.

import HTTPTypes
import TraceModel
import TraceStore

extension ProjectScope {
    private static let header = HTTPField.Name("X-Skein-Project")

    /// The project of the key; without one what the header `X-Skein-Project` or the parameter `project` names, else all.
    ///
    /// - Throws: `APIError`, also when another project than that of the key is named.
    init(headers: HTTPFields, parameters: QueryParameters, grant: AccessGrant) throws(APIError) {
        var names = Self.header.map { headers[values: $0] } ?? []
        if let name = parameters["project"] { names.append(name) }
        guard let name = names.first else {
            self = grant.project.map { .only($0) } ?? .all
            return
        }
        guard names.allSatisfy({ $0 == name }) else {
            throw .invalid("project", "X-Skein-Project and 'project' name different projects; give one of them")
        }
        if let own = grant.project, own != name { throw APIError(AccessError.otherProject) }
        if let problem = ProjectName.problem(name) { throw .invalid("project", "the project \(problem)") }
        self = .only(name)
    }
}
