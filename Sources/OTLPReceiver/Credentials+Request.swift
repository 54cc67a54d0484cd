// Credentials+Request.swift - the keys in a request of either transport.

import GRPCCore
import HTTPTypes
import TraceModel

extension Credentials {
    init(_ fields: HTTPFields) {
        self.init { name in HTTPField.Name(name).map { fields[values: $0] } ?? [] }
    }

    init(_ metadata: Metadata) {
        self.init { name in Array(metadata[stringValues: name]) }
    }
}
