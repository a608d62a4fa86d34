// swift-tools-version: 6.2
import PackageDescription

/// Every module: an unsafe expression compiles only under the word `unsafe`, and no warning passes.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// The loops over rows of pixels: optimised in debug builds too, without bounds checks, because
/// `Kernels` checks every length at the door (Documentation/Decisions/0001-kernels.md).
func kernelLevel(_ flags: [String]) -> [SwiftSetting] {
  [.treatAllWarnings(as: .error), .unsafeFlags([isFuzzing ? "-O" : "-Ounchecked"] + flags)]
}

/// `Scripts/fuzz` sets this: the fuzzer becomes a product, and kernels check every index.
let isFuzzing = Context.environment["GEMBA_FUZZ"] != nil

/// Folders that explain themselves.
let readMes = [
  "Classes/README.md", "Evaluation/README.md", "Groups/README.md", "Surface/README.md",
  "Reference/Gray/README.md", "Reference/Pairs/README.md", "Learned/README.md",
]

let package = Package(
  name: "gemba",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Inspection", targets: ["Inspection"]),
    .executable(name: "gemba", targets: ["gemba"]),
  ],
  dependencies: [
    // Help texts, nearest-match errors and completion scripts, which thirty lines of ours would not give.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // YAML with line numbers for messages; the format has too many corners for our own reader.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    // SQLite with migrations, prepared statements and a pool of readers.
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // HTTP server with back-pressure, time-outs and streaming bodies.
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1",
      traits: ["FullFoundation"]),
    // HTTP client with connection reuse, time-outs and TLS: webhooks and Alertmanager.
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    // Event loops and TCP listeners for data loggers.
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    // What hummingbird's own interface speaks: log levels and header fields.
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    // Protocol buffers: payloads of MQTT Sparkplug from a .proto, forward compatible.
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    // SIGTERM, SIGINT and SIGHUP as a sequence.
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // Words of the record: what is stored, shown or sent.
    .target(name: "FactoryModel", swiftSettings: strict),

    // YAML in which every key is known: errors name the line and the nearest key.
    .target(
      name: "StrictYAML", dependencies: [.product(name: "Yams", package: "Yams")],
      swiftSettings: strict),

    // System libraries, and the C in which libpng's longjmp ends.
    .systemLibrary(
      name: "CLibPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CLibDeflate", pkgConfig: "libdeflate",
      providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]),
    .target(name: "CPNGShim", dependencies: ["CLibPNG"]),
    .target(name: "CCPULevel"),
    .target(name: "CPairSums"),

    // Modbus TCP.
    .systemLibrary(
      name: "CModbus", pkgConfig: "libmodbus", providers: [.apt(["libmodbus-dev"])]),

    // MQTT 3.1.1 and 5 with reconnecting and TLS.
    .systemLibrary(
      name: "CMosquitto", pkgConfig: "libmosquitto", providers: [.apt(["libmosquitto-dev"])]),

    // Password hashing as the system's own logins do it (Documentation/Decisions/0004).
    .systemLibrary(
      name: "CLibCrypt", pkgConfig: "libcrypt",
      providers: [.apt(["libcrypt-dev"]), .brew(["libxcrypt"])]),

    // One question to the C library's allocator.
    .target(name: "CAllocator"),

    // One system call that Swift's C library module leaves out: two folders change places.
    .target(name: "CFolders"),

    // Loops over rows of pixels, one source built per CPU level, chosen at run time.
    .target(name: "KernelsBase", dependencies: ["CPairSums"], swiftSettings: kernelLevel([])),
    .target(
      name: "KernelsV3", dependencies: ["CPairSums"],
      swiftSettings: kernelLevel([]) + [
        .unsafeFlags(["-Xcc", "-march=x86-64-v3"], .when(platforms: [.linux]))
      ]),
    .target(
      name: "Kernels", dependencies: ["KernelsBase", "KernelsV3", "CCPULevel"],
      swiftSettings: strict),

    // Planes, regions, PNG in and out.
    .target(
      name: "Imaging", dependencies: ["CPNGShim", "CLibDeflate", "Kernels"], swiftSettings: strict),

    // One folder per inspection method; teaching, recipes, thresholds, evaluation.
    .target(
      name: "Inspection",
      dependencies: [
        "FactoryModel", "Imaging", "Kernels", "StrictYAML",
      ],
      exclude: readMes,
      swiftSettings: strict),

    // Loops over bytes of telemetry: line protocol into columns, columns into packed blobs.
    .target(name: "StreamKernels", swiftSettings: kernelLevel([])),

    // Generated from sparkplug.proto, hence without our own strictness.
    .target(
      name: "SparkplugMessages",
      dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: ["sparkplug.proto"]),

    // One folder per source of telemetry: bytes in, samples out.
    .target(
      name: "Telemetry",
      dependencies: [
        "CLibDeflate", "FactoryModel", "SparkplugMessages", "StreamKernels",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: [
        "CSV/README.md", "HJ212/README.md", "JSON/README.md", "LineProtocol/README.md",
        "Modbus/README.md", "Sparkplug/README.md",
      ],
      swiftSettings: strict),

    // Validity, averages and conversions of emission data: arithmetic over time.
    .target(
      name: "Emissions", dependencies: ["FactoryModel", "StrictYAML"], exclude: ["README.md"],
      swiftSettings: strict),

    // Rules and the alarm state machine, without clock, thread or disk.
    .target(
      name: "Alarms", dependencies: ["FactoryModel", "StrictYAML"], exclude: ["README.md"],
      swiftSettings: strict),

    // The record on disk: chunks of samples, alarm journal, periods, verdicts, parts.
    .target(
      name: "Storage",
      dependencies: [
        "FactoryModel", "StreamKernels", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      exclude: ["README.md"], swiftSettings: strict),

    // Made-up parts with known defects, and a made-up day of telemetry.
    .target(name: "SampleParts", dependencies: ["Imaging"], swiftSettings: strict),

    // Marked-up pictures, HTML, CSV and JUnit from verdicts.
    .target(
      name: "Reports",
      dependencies: [
        "Alarms", "FactoryModel", "Imaging", "Plant", "Storage", "StrictYAML",
      ],
      exclude: ["Shift/README.md"],
      swiftSettings: strict),

    // What the plant is, and what it did in a shift: figures for screen, API and reports.
    .target(
      name: "Plant",
      dependencies: ["Alarms", "Emissions", "FactoryModel", "Storage", "StrictYAML"],
      swiftSettings: strict),

    // The only home of concurrency: workers, batches, folders, resuming.
    .target(
      name: "Pipeline",
      dependencies: [
        "Alarms", "CAllocator", "CFolders", "CModbus", "CMosquitto", "Emissions", "FactoryModel",
        "Imaging",
        "Inspection",
        "Plant", "Reports", "Storage", "StrictYAML", "Telemetry",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      exclude: [
        "Actions/README.md", "Adjustments/README.md", "Cameras/README.md", "Site/README.md",
        "Teaching/README.md",
      ],
      swiftSettings: strict),

    // Who may come in: operators, hashed passwords, sessions, attempts; time is an argument.
    .target(
      name: "Access", dependencies: ["CLibCrypt", "FactoryModel", "StrictYAML"],
      exclude: ["README.md"], swiftSettings: strict),

    // HTTP: writes, operator API, metrics, live screen.
    .target(
      name: "WebConsole",
      dependencies: [
        "Access", "Alarms", "FactoryModel", "Pipeline", "Plant", "Reports", "Storage", "Telemetry",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      exclude: ["README.md"],
      resources: [
        .embedInCode("Page/console.html"), .embedInCode("Page/console.css"),
        .embedInCode("Page/console.js"), .embedInCode("Page/icon.svg"),
        .embedInCode("Page/base.js"), .embedInCode("Page/panels.js"),
        .embedInCode("Page/drawings.js"), .embedInCode("Page/alarms.js"),
        .embedInCode("Page/history.js"), .embedInCode("Page/kpis.js"),
        .embedInCode("Page/rejects.js"),
        .embedInCode("Page/login.html"),
        .embedInCode("API/openapi.yaml"),
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "gemba",
      dependencies: [
        "Access",
        "Alarms",
        "FactoryModel",
        "Imaging",
        "Inspection",
        "Pipeline",
        "Plant",
        "Reports",
        "SampleParts",
        "Storage",
        "StrictYAML",
        "Telemetry",
        "WebConsole",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "GembaBenchmarks",
      dependencies: [
        "Alarms", "Emissions", "FactoryModel", "Imaging", "Inspection", "Kernels", "KernelsBase",
        "KernelsV3", "Pipeline", "Plant", "Reports", "SampleParts", "CPNGShim", "Storage",
        "Telemetry",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "Benchmarks/GembaBenchmarks", swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["FactoryModel", "Imaging"], path: "Tests/TestSupport",
      swiftSettings: strict),
    // A process that writes to a record, for tests that kill it.
    .executableTarget(
      name: "RecordFiller", dependencies: ["FactoryModel", "Storage", "Telemetry", "TestSupport"],
      path: "Tests/RecordFiller", swiftSettings: strict),
    .testTarget(
      name: "KernelsTests",
      dependencies: ["Imaging", "Kernels", "KernelsBase", "KernelsV3", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ImagingTests", dependencies: ["Imaging", "CPNGShim", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "InspectionTests",
      dependencies: [
        "Inspection", "FactoryModel", "Imaging", "SampleParts", "StrictYAML", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SamplePartsTests", dependencies: ["SampleParts", "Imaging", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "Alarms", "Emissions", "FactoryModel", "Imaging", "Plant", "Reports", "Storage",
        "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "PipelineTests",
      dependencies: [
        "Pipeline", "Inspection", "FactoryModel", "Imaging", "Plant", "SampleParts", "Storage",
        "Telemetry",
        "TestSupport", .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "StrictYAMLTests", dependencies: ["StrictYAML"], swiftSettings: strict),
    .testTarget(
      name: "FactoryModelTests", dependencies: ["FactoryModel", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TelemetryTests",
      dependencies: [
        "Telemetry", "FactoryModel", "Imaging", "SparkplugMessages", "TestSupport",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EmissionsTests",
      dependencies: ["Emissions", "FactoryModel", "StrictYAML", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "AlarmsTests", dependencies: ["Alarms", "FactoryModel", "StrictYAML", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "StorageTests",
      dependencies: [
        "Storage", "FactoryModel", "Imaging", "TestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "PlantTests",
      dependencies: ["Alarms", "FactoryModel", "Imaging", "Plant", "Storage", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "AccessTests", dependencies: ["Access", "FactoryModel", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "MonitorTests",
      dependencies: [
        "Access", "Imaging", "Pipeline", "SparkplugMessages", "TestSupport", "WebConsole",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["Console/check-openapi.py", "Console/contrast.js"], swiftSettings: strict),
    .testTarget(name: "CLITests", exclude: ["Cases"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)

if isFuzzing {
  func fuzzer(_ name: String, _ folder: String, _ dependencies: [Target.Dependency]) {
    package.targets.append(
      .executableTarget(
        name: name, dependencies: dependencies, path: "Tests/Fuzz/\(folder)",
        exclude: folder == "Telemetry" ? ["Seeds"] : [], swiftSettings: strict,
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]))
    package.products.append(.executable(name: name, targets: [name]))
  }
  fuzzer("PNGFuzz", "PNG", ["Imaging", "Kernels"])
  fuzzer(
    "TelemetryFuzz", "Telemetry",
    [
      "FactoryModel", "SparkplugMessages", "Telemetry",
      .product(name: "SwiftProtobuf", package: "swift-protobuf"),
    ])
}
