// OTLPGRPCErrorsTests.swift - which status an error becomes.

import GRPCCore
import Testing
import TraceModel

@testable import OTLPReceiver

struct OTLPGRPCErrorsTests {
    @Test(
        arguments: [
            (ErrorCode.invalid, RPCError.Code.invalidArgument, nil), (.unauthenticated, .unauthenticated, nil),
            (.forbidden, .permissionDenied, nil), (.notFound, .notFound, nil), (.tooLarge, .resourceExhausted, nil),
            (.unsupported, .unimplemented, nil),
            (.overloaded, .unavailable, .seconds(1)), (.unavailable, .unavailable, .seconds(5)),
            (.internal, .internalError, nil),
        ] as [(ErrorCode, RPCError.Code, Duration?)]
    )
    func `an error has its status, and says when to send again`(
        _ code: ErrorCode,
        _ status: RPCError.Code,
        _ delay: Duration?
    ) {
        let mapping = OTLPGRPCErrors.mapping(of: code)
        #expect(mapping.code == status)
        #expect(mapping.retryDelay == delay)
        #expect((delay != nil) == code.isRetryable)
    }

    @Test(arguments: ErrorCode.allCases)
    func `details come with bad data and with what can be sent again`(_ code: ErrorCode) {
        let error = OTLPGRPCErrors.status(of: TestError(code: code, message: "the reason"))
        let details = Self.details(error)
        #expect((details?.contains("google.rpc.BadRequest") ?? false) == (code == .invalid))
        #expect((details?.contains("google.rpc.RetryInfo") ?? false) == code.isRetryable)
        #expect((details == nil) == !(code == .invalid || code.isRetryable))
        #expect((error.message == "the reason") == (code != .internal))
    }

    @Test func `bad data names the field`() {
        let header = ReceiverError(code: .invalid, message: "is odd", field: "X-Skein-Project")
        #expect(Self.details(OTLPGRPCErrors.status(of: header))?.contains("X-Skein-Project") == true)
    }

    @Test func `an internal error tells the client nothing`() {
        let error = OTLPGRPCErrors.status(of: TestError(code: .internal, message: "secret"))
        #expect(error.code == .internalError)
        #expect(!error.message.contains("secret"))
        #expect(error.metadata.isEmpty)
    }

    private static func details(_ error: RPCError) -> String? {
        let bytes = error.metadata[binaryValues: "grpc-status-details-bin"].first { _ in true }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }
}
