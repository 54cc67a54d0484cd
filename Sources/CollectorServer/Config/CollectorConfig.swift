// CollectorConfig.swift - everything that can be set.

public import GenAISemantics
public import IngestPipeline
public import Logging
public import Pricing
public import TraceStore

/// Everything that can be set.
///
/// A flag wins over the environment, the environment over the default.
public struct CollectorConfig: Sendable, Equatable {
    /// Where HTTP is served: OTLP, the query API, health.
    ///
    /// Key `http`, flag `--http`, environment `SKEIN_HTTP`, default `127.0.0.1:4318`: reachable from this machine only.
    public var http = ListenAddress(host: "127.0.0.1", port: 4318)

    /// Where OTLP/gRPC is served.
    ///
    /// Key `grpc`, flag `--grpc`, environment `SKEIN_GRPC`, `off` for not at all. Default `127.0.0.1:4317`: when that port
    /// is taken the collector serves HTTP alone and says so, while an address that was named must be free.
    public var grpc = GRPCListener.ifFree(ListenAddress(host: "127.0.0.1", port: 4317))

    /// The certificate of the server, in a PEM file with those between it and its authority; empty for no TLS.
    ///
    /// Both ports speak TLS alone then. Key `tls.cert`, flag `--tls-cert`, environment `SKEIN_TLS_CERT`, default none.
    public var tlsCertificate = ""

    /// The private key of the certificate, in a PEM file.
    ///
    /// Key `tls.key`, flag `--tls-key`, environment `SKEIN_TLS_KEY`, default none.
    public var tlsKey = ""

    /// The authorities of which a client needs a certificate, in a PEM file; empty when clients need none.
    ///
    /// Key `tls.client_ca`, flag `--tls-client-ca`, environment `SKEIN_TLS_CLIENT_CA`, default none.
    public var tlsClientCA = ""

    /// The files for TLS; nil without.
    public var tls: TLSFiles? {
        guard !tlsCertificate.isEmpty else { return nil }
        return TLSFiles(
            certificate: tlsCertificate,
            key: tlsKey,
            clientAuthority: tlsClientCA.isEmpty ? nil : tlsClientCA
        )
    }

    /// Whether a collector without keys may be reached from other machines.
    ///
    /// Where there are keys everybody needs one, whatever this says. Key `allow_anonymous`, flag `--allow-anonymous`,
    /// environment `SKEIN_ALLOW_ANONYMOUS`, default false.
    public var allowAnonymous = false

    /// The directory of the stored data; made when it is missing.
    ///
    /// Key `data_dir`, flag `--data-dir`, environment `SKEIN_DATA_DIR`, default `$XDG_DATA_HOME/skein`, else
    /// `~/.local/share/skein`.
    public var dataDirectory: String

    /// The least level that is logged, on standard error.
    ///
    /// Key `log_level`, flag `--log-level`, environment `SKEIN_LOG_LEVEL`, default `info`.
    public var logLevel = Logger.Level.info

    /// Names under which the collector is reached besides those of this machine, checked while HTTP is on loopback.
    ///
    /// Key `allowed_hosts`, flag `--allowed-host` (again for each), environment `SKEIN_ALLOWED_HOSTS` (separated by
    /// commas), default none; `localhost` and `host.docker.internal` are always allowed.
    public var allowedHosts: [String] = []

    /// Origins whose pages may read and write through a browser, such as `http://localhost:3000`; `*` for any.
    ///
    /// Key `cors_origins`, flag `--cors-origin` (again for each), environment `SKEIN_CORS_ORIGINS` (separated by commas),
    /// default none.
    public var corsOrigins: [String] = []

    /// Whether messages, instructions, tool arguments and results, documents and embedding texts are stored.
    ///
    /// Key `content`, flag `--content`, environment `SKEIN_CONTENT`, `on` or `off`, default `on`.
    public var keepsContent = true

    /// Whether the words of names, messages, arguments, results and errors are indexed, so that they can be searched.
    ///
    /// Key `text_index`, flag `--text-index`, environment `SKEIN_TEXT_INDEX`, `on` or `off`, default `on`. What arrives
    /// while it is off is found after `skein reindex` alone.
    public var indexesText = true

    /// Whether finished traces are compressed again, better, while nothing arrives.
    ///
    /// Key `recompaction`, flag `--recompaction`, environment `SKEIN_RECOMPACTION`, `on` or `off`, default `on`.
    public var recompacts = true

    /// Rules that mask values before anything is stored, for every receiver.
    ///
    /// Key `redaction`, environment `SKEIN_REDACTION` (the same YAML), default none.
    public var redaction: [RedactionRule] = []

    /// Attributes of the user's own that give fields of calls and spans, before all that dialects say.
    ///
    /// Key `mappings`, environment `SKEIN_MAPPINGS` (the same YAML), default none.
    public var mappings: [AttributeMapping] = []

    /// What models cost, before what the price table says.
    ///
    /// Key `prices`, environment `SKEIN_PRICES` (the same YAML), default none.
    public var prices: [CustomPrice] = []

    /// How long traces are kept, and how much of them.
    ///
    /// Keys `retention.days`, `retention.max_bytes`, `retention.content_days`, flags `--retention-days`,
    /// `--retention-max-bytes`, `--retention-content-days`, environment `SKEIN_RETENTION_DAYS`, `SKEIN_RETENTION_MAX_BYTES`,
    /// `SKEIN_RETENTION_CONTENT_DAYS`; for single projects `retention.projects` and `SKEIN_RETENTION_PROJECTS` (the same
    /// YAML). Default: for ever.
    public var retention = RetentionPolicy()

    /// The largest body of a request in bytes, as sent and again after decompression.
    ///
    /// Key `receivers.otlp.max_body_bytes`, environment `SKEIN_MAX_BODY_BYTES`, default 64 MiB.
    public var maxBodyBytes = 64 << 20

    /// What all requests in work may hold in memory, in bytes; what does not fit waits 1 s, then is refused with 503.
    ///
    /// Key `receivers.memory_budget_bytes`, environment `SKEIN_MEMORY_BUDGET_BYTES`, default 128 MiB.
    public var memoryBudgetBytes = 128 << 20

    /// What all answers of the query API in work may hold in memory, in bytes; what does not fit waits 1 s, then is 503.
    ///
    /// Not to be set from outside. Default 256 MiB: about thirty answers of ten thousand spans at once.
    public var answerMemoryBytes = 256 << 20

    /// The most connections served at once; more wait in the system's queue.
    ///
    /// Lowered at start to what the limit on open files allows. Not to be set from outside. Default 4,096.
    public var maxConnections = 4096

    /// How long a connection may be silent, between requests and within one.
    ///
    /// Not to be set from outside. Default 75 s: more than the 60 s that common proxies keep a connection.
    public var idleTimeout = Duration.seconds(75)

    /// How long a gRPC connection may be without a call.
    ///
    /// Not to be set from outside. Default 300 s; clients connect again by themselves.
    public var grpcIdleTimeout = Duration.seconds(300)

    /// How long a request may take to arrive: its head, from the connection or the answer before it.
    ///
    /// Not to be set from outside. Default 75 s, as for silence.
    public var headTimeout = Duration.seconds(75)

    /// How long the body of a request may take to arrive.
    ///
    /// Not to be set from outside. Default 300 s: the largest body at 220 KB/s.
    public var bodyTimeout = Duration.seconds(300)

    /// The longest time for one question of the query API to the store; then 503.
    ///
    /// Not to be set from outside. Default 10 s.
    public var queryTimeout = Duration.seconds(10)

    /// How often a live stream says that it is there while nothing happens.
    ///
    /// Not to be set from outside. Default 15 s.
    public var liveHeartbeat = Duration.seconds(15)

    /// The most clients that follow `GET /v1/live` at once; more get 503.
    ///
    /// Not to be set from outside. Default 100.
    public var maxLiveClients = 100

    /// How often certificates are looked at, to take up new ones.
    ///
    /// Not to be set from outside. Default 10 s.
    public var certificateInterval = Duration.seconds(10)

    /// How long requests in work may take to finish when the collector stops.
    ///
    /// Not to be set from outside. Default 10 s.
    public var shutdownTimeout = Duration.seconds(10)

    /// Makes a configuration of defaults.
    public init(dataDirectory: String) {
        self.dataDirectory = dataDirectory
    }

    /// Everything that is wrong with the values, each with key and value; empty when all is well.
    public func problems() -> [String] {
        var problems: [String] = []
        if http.host.isEmpty || !(0...65_535).contains(http.port) {
            problems.append("http is \"\(http)\": expected HOST:PORT with a port of 0 to 65535")
        }
        if let address = grpc.address, address.host.isEmpty || !(0...65_535).contains(address.port) {
            problems.append("grpc is \"\(address)\": expected HOST:PORT with a port of 0 to 65535, or off")
        }
        if tlsCertificate.isEmpty != tlsKey.isEmpty {
            problems.append("tls.cert and tls.key belong together: one is set, the other is not")
        }
        if tlsCertificate.isEmpty, !tlsClientCA.isEmpty {
            problems.append("tls.client_ca is set without tls.cert and tls.key")
        }
        for host in allowedHosts where host.isEmpty || host.contains(where: { "/ ".contains($0) }) {
            problems.append("allowed_hosts has \"\(host)\": expected a host name, such as collector.test")
        }
        for origin in corsOrigins where origin != "*" && HostName(origin: origin) == nil {
            problems.append("cors_origins has \"\(origin)\": expected an origin, such as http://localhost:3000, or *")
        }
        if !dataDirectory.hasPrefix("/") {
            problems.append("data_dir is \"\(dataDirectory)\": expected an absolute path")
        }
        if !(1024...(1 << 30)).contains(maxBodyBytes) {
            problems.append("receivers.otlp.max_body_bytes is \(maxBodyBytes): expected 1024 to \(1 << 30)")
        }
        if memoryBudgetBytes < 1 << 20 {
            problems.append("receivers.memory_budget_bytes is \(memoryBudgetBytes): expected at least \(1 << 20)")
        }
        return problems + retentionProblems
    }

    /// Checks the values.
    ///
    /// - Throws: `ConfigError` with every problem at once.
    public func validate() throws(ConfigError) {
        let problems = problems()
        guard problems.isEmpty else { throw ConfigError(problems: problems) }
    }
}
