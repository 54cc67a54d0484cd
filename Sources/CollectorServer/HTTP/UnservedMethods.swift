// UnservedMethods.swift - the answer to methods that a path does not serve.

import HTTPTypes
import Hummingbird
import TraceModel

/// Answers 405 to methods that a path does not serve (RFC 9110, section 15.5.6), where the part that serves the path leaves
/// it open.
struct UnservedMethods {
    /// The methods of each path, by the contract.
    private let allowed: [String: String]

    /// Reads the contract.
    init(document: JSONValue?) {
        let paths = document?["paths"]?.object ?? []
        allowed = paths.reduce(into: [:]) { allowed, path in
            let methods = (path.value.object ?? []).map { $0.name.uppercased() }
            allowed[path.name] = methods.flatMap { $0 == "GET" ? ["GET", "HEAD"] : [$0] }.joined(separator: ", ")
        }
    }

    /// Adds the answers; everything that is served has to be there already.
    func refuse<Context: RequestContext>(on router: Router<Context>) {
        let served = Dictionary(grouping: router.routes) { $0.path.description }
        for (path, routes) in served {
            guard let first = routes.first, let allow = allowed[Self.template(path)] else { continue }
            for method in Self.methods where !routes.contains(where: { $0.method == method }) {
                router.on(first.path, method: method) { request, _ in
                    let message = "\(method.rawValue) is not served here; allowed: \(allow)"
                    let body = ErrorBody(code: "method_not_allowed", message: message)
                    var response = try Response.json(.methodNotAllowed, body, to: request)
                    response.headers[.allow] = allow
                    return response
                }
            }
        }
    }

    /// Those that are registered, but for CONNECT, which names no path.
    private static let methods: [HTTPRequest.Method] =
        [.post, .put, .patch, .delete, .options, .trace] + [HTTPRequest.Method("QUERY")].compactMap { $0 }

    /// `/v1/calls/:request_id` as the contract writes it.
    static func template(_ path: String) -> String {
        let steps = path.split(separator: "/").map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }
        return "/" + steps.joined(separator: "/")
    }
}
