// CollectorFlags.swift - settings as given on the command line.

/// Settings as given on the command line; nil where a flag is not there.
public struct CollectorFlags: Sendable, Equatable {
    /// `--http HOST:PORT`.
    public var http: String?
    /// `--grpc HOST:PORT` or `--grpc off`.
    public var grpc: String?
    /// `--config FILE`; a relative path counts from the working directory.
    public var config: String?
    /// `--tls-cert FILE`.
    public var tlsCertificate: String?
    /// `--tls-key FILE`.
    public var tlsKey: String?
    /// `--tls-client-ca FILE`.
    public var tlsClientCA: String?
    /// `--allowed-host NAME`, once for each.
    public var allowedHosts: [String] = []
    /// `--cors-origin ORIGIN`, once for each.
    public var corsOrigins: [String] = []
    /// `--allow-anonymous`; nil when it is not there.
    public var allowAnonymous: Bool?
    /// `--content on` or `--content off`.
    public var content: String?
    /// `--text-index on` or `--text-index off`.
    public var textIndex: String?
    /// `--recompaction on` or `--recompaction off`.
    public var recompaction: String?
    /// `--retention-days DAYS`.
    public var retentionDays: String?
    /// `--retention-max-bytes BYTES`.
    public var retentionMaxBytes: String?
    /// `--retention-content-days DAYS`.
    public var retentionContentDays: String?
    /// `--data-dir DIR`; a relative path counts from the working directory.
    public var dataDirectory: String?
    /// `--log-level LEVEL`.
    public var logLevel: String?

    /// Makes flags.
    public init(http: String? = nil, grpc: String? = nil, dataDirectory: String? = nil, logLevel: String? = nil) {
        self.http = http
        self.grpc = grpc
        self.dataDirectory = dataDirectory
        self.logLevel = logLevel
    }
}
