// swift-tools-version: 6.2
import PackageDescription

/// Set by scripts/fuzz.sh, to where libFuzzer is: the sources of FuzzTests then make an executable instead of a test.
let fuzzer = Context.environment["SKEIN_FUZZ"]
let coverage = "edge,inline-8bit-counters,pc-table,trace-cmp,indirect-calls"

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ]
    // Release, since debug is too slow to fuzz; but internal parts are fuzzed too.
    + (fuzzer == nil ? [] : [.unsafeFlags(["-enable-testing", "-sanitize-coverage=\(coverage)"])])

/// The release binary has the Swift runtime inside, and packed relocations.
///
/// 9 MB less memory than with the runtime's libraries, and 34,000 fewer symbols to look up at each start.
let releaseLinking: [LinkerSetting] = [
    .unsafeFlags(
        ["-use-ld=lld", "-static-stdlib"] + linked(["-O1", "-z", "pack-relative-relocs", "--start-group"])
            + [
                "Foundation", "FoundationEssentials", "FoundationInternationalization", "_FoundationICU",
                "CoreFoundation", "_FoundationCShims", "_FoundationCollections", "swiftSynchronization",
                "swift_RegexParser", "swift_StringProcessing", "swiftDispatch", "dispatch", "BlocksRuntime",
            ].map { "-l" + $0 } + linked(["--end-group"]),
        .when(platforms: [.linux], configuration: .release)
    )
]

func linked(_ options: [String]) -> [String] {
    options.flatMap { ["-Xlinker", $0] }
}

let fuzzed: [Target.Dependency] = [
    "COTLP", "CZlib", "CollectorServer", "GenAISemantics", "IngestPipeline", "OTLPCodec", "OTLPReceiver", "QueryAPI",
    "SQLiteStore",
    "TestSupport", "TraceAssembly", "TraceModel", "TraceStore",
    .product(name: "GRPCCore", package: "grpc-swift-2"),
    .product(name: "HTTPTypes", package: "swift-http-types"),
    .product(name: "Logging", package: "swift-log"),
    .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOEmbedded", package: "swift-nio"),
    .product(name: "NIOHPACK", package: "swift-nio-http2"),
    .product(name: "NIOHTTP2", package: "swift-nio-http2"),
]

let package = Package(
    name: "skein",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "skein", targets: ["skein"]),
        // For Benchmarks/.
        .library(
            name: "SkeinIngest",
            targets: [
                "CAllocatorSetup", "COTLP", "IngestPipeline", "OTLPCodec", "Pricing", "SQLiteStore", "TraceAssembly",
                "TraceModel", "TraceStore",
            ]
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-asn1.git", from: "1.0.0"),
        .package(url: "https://github.com/apple/swift-certificates.git", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.0.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.7.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.80.0"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.24.0"),
        .package(url: "https://github.com/apple/swift-nio-http2.git", from: "1.42.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.34.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.5.0"),
        .package(url: "https://github.com/grpc/grpc-swift-2.git", from: "2.2.0"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport.git", from: "2.4.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.16.0", traits: []),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.0.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.24.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.8.0"),
    ],
    targets: [
        // Level 0: C, and the vocabulary of the field.
        .systemLibrary(name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .target(
            name: "COTLP",
            dependencies: ["CProtobufC"],
            publicHeadersPath: "Generated",
            cSettings: [
                .headerSearchPath("include"),
                .unsafeFlags(fuzzer == nil ? ["-O2"] : ["-O2", "-fsanitize-coverage=\(coverage)"]),
            ]
        ),
        .target(name: "CAssets"),
        .target(name: "CAllocatorSetup"),
        .target(name: "CThreadSetup"),
        .target(name: "CGunzip", linkerSettings: [.linkedLibrary("z")]),
        .target(name: "CSQLiteSetup", dependencies: [.product(name: "GRDBSQLite", package: "GRDB.swift")]),
        .target(name: "TraceModel", swiftSettings: settings),
        // Level 1: pure functions over level 0.
        .target(name: "OTLPCodec", dependencies: ["COTLP", "CDeflate", "TraceModel"], swiftSettings: settings),
        .target(
            name: "GenAISemantics",
            dependencies: ["COTLP", "TraceModel", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings
        ),
        .target(name: "Pricing", dependencies: ["CAssets", "TraceModel"], swiftSettings: settings),
        .target(name: "TraceAssembly", dependencies: ["TraceModel"], swiftSettings: settings),
        .target(name: "TraceStore", dependencies: ["TraceModel"], swiftSettings: settings),
        .target(name: "TerminalText", dependencies: ["TraceModel"], swiftSettings: settings),
        // Level 2: adapters.
        .target(
            name: "SQLiteStore",
            dependencies: [
                "CAllocatorSetup", "CAssets", "COTLP", "CSQLiteSetup", "CThreadSetup", "CZstd", "OTLPCodec",
                "TraceAssembly", "TraceModel", "TraceStore",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "IngestPipeline",
            dependencies: [
                "COTLP", "CThreadSetup", "GenAISemantics", "OTLPCodec", "Pricing", "TraceModel", "TraceStore",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "OTLPReceiver",
            dependencies: [
                "COTLP", "OTLPCodec", "TraceModel",
                .product(name: "GRPCCore", package: "grpc-swift-2"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "QueryAPI",
            dependencies: [
                "COTLP", "GenAISemantics", "OTLPCodec", "TraceModel", "TraceStore",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "WebUI",
            dependencies: [
                "CAssets", "CDeflate", "TraceModel",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        // Level 3: composition.
        .target(
            name: "CollectorServer",
            dependencies: [
                "CAssets", "CGunzip", "GenAISemantics", "IngestPipeline", "OTLPCodec", "OTLPReceiver", "Pricing",
                "QueryAPI", "SQLiteStore", "TraceModel", "TraceStore", "WebUI",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRPCCore", package: "grpc-swift-2"),
                .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCertificateReloading", package: "swift-nio-extras"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings
        ),
        // Level 4: the command line.
        .executableTarget(
            name: "skein",
            dependencies: [
                "CAllocatorSetup", "CollectorServer", "Pricing", "TerminalText", "TraceModel", "TraceStore",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings,
            linkerSettings: releaseLinking
        ),
        // Tests.
        .target(
            name: "TestSupport",
            dependencies: ["TraceModel", "TraceStore"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .target(
            name: "StoreContract",
            dependencies: ["IngestPipeline", "OTLPCodec", "TestSupport", "TraceModel", "TraceStore"],
            path: "Tests/StoreContract",
            swiftSettings: settings
        ),
        .testTarget(name: "COTLPTests", dependencies: ["COTLP", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "TerminalTextTests", dependencies: ["TerminalText", "TraceModel"], swiftSettings: settings),
        .testTarget(name: "TraceModelTests", dependencies: ["TraceModel"], swiftSettings: settings),
        .testTarget(name: "TraceStoreTests", dependencies: ["TraceModel", "TraceStore"], swiftSettings: settings),
        .testTarget(
            name: "OTLPCodecTests",
            dependencies: ["CDeflate", "COTLP", "OTLPCodec", "TestSupport", "TraceModel", "TraceStore"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GenAISemanticsTests",
            dependencies: ["COTLP", "GenAISemantics", "OTLPCodec", "TestSupport", "TraceModel"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PricingTests",
            dependencies: ["CAssets", "Pricing", "TraceModel"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TraceAssemblyTests",
            dependencies: ["TestSupport", "TraceAssembly", "TraceModel"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SQLiteStoreTests",
            dependencies: [
                "IngestPipeline", "OTLPCodec", "Pricing", "SQLiteStore", "StoreContract", "TestSupport",
                "TraceAssembly", "TraceModel", "TraceStore",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "IngestPipelineTests",
            dependencies: [
                "COTLP", "IngestPipeline", "OTLPCodec", "Pricing", "TestSupport", "TraceModel", "TraceStore",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "OTLPReceiverTests",
            dependencies: [
                "IngestPipeline", "OTLPCodec", "OTLPReceiver", "TestSupport", "TraceModel", "TraceStore",
                .product(name: "GRPCCore", package: "grpc-swift-2"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "QueryAPITests",
            dependencies: [
                "COTLP", "OTLPCodec", "QueryAPI", "TestSupport", "TraceModel", "TraceStore",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "WebUITests",
            dependencies: [
                "OTLPCodec", "TestSupport", "TraceModel", "WebUI",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CollectorServerTests",
            dependencies: [
                "CAssets", "CollectorServer", "GenAISemantics", "IngestPipeline", "Pricing", "TestSupport",
                "TraceModel",
                "TraceStore", "WebUI",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "CollectorServer", "GenAISemantics", "IngestPipeline", "Pricing", "TestSupport", "TraceModel",
                "TraceStore",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRPCCore", package: "grpc-swift-2"),
                .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: settings
        ),
        // What is fuzzed: a test runs the inputs that were found, scripts/fuzz.sh looks for more.
        .target(name: "CZlib", path: "Tests/CZlib", linkerSettings: [.linkedLibrary("z")]),
        fuzzer.map { fuzzer in
            .executableTarget(
                name: "skein-fuzz",
                dependencies: fuzzed,
                path: "Tests/FuzzTests",
                exclude: ["Dictionaries", "FuzzCorpusTests.swift"],
                swiftSettings: settings,
                // lld, since gold warns about every symbol of the sanitizer.
                linkerSettings: [.linkedLibrary("stdc++"), .unsafeFlags([fuzzer, "-use-ld=lld"])]
            )
        }
            ?? .testTarget(
                name: "FuzzTests",
                dependencies: fuzzed,
                exclude: ["Dictionaries", "Driver"],
                swiftSettings: settings
            ),
    ]
)
