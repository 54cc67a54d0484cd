// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that builds of the product stay lean. scripts/bench_stages.sh builds and runs it.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "skein-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "skein", path: ".."),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.6.0"),
    ],
    targets: [
        .target(name: "CAllocationCount"),
        .executableTarget(
            name: "stages",
            dependencies: [
                "CAllocationCount",
                .product(name: "SkeinIngest", package: "skein"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Sources/StageBenchmarks",
            swiftSettings: settings
        ),
    ]
)
