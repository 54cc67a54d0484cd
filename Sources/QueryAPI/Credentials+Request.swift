// Credentials+Request.swift - the keys in a request of the query API.

public import HTTPTypes
public import TraceModel

extension Credentials {
    /// The keys in the header fields of a request.
    public init(requestOf fields: HTTPFields) {
        self.init { name in HTTPField.Name(name).map { fields[values: $0] } ?? [] }
    }
}
