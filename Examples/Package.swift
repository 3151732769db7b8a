// swift-tools-version: 6.2
import PackageDescription

let adjoint: Target.Dependency = .product(name: "Adjoint", package: "Adjoint")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "Examples",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "Adjoint", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
  ],
  targets: [
    .executableTarget(name: "worked-example", dependencies: [adjoint, arguments]),
    .executableTarget(name: "custom-operation", dependencies: [adjoint, arguments]),
    .executableTarget(name: "xor", dependencies: [adjoint, arguments]),
    .executableTarget(name: "digits", dependencies: [adjoint, arguments]),
    .executableTarget(name: "karate-club", dependencies: [adjoint, arguments]),
    .executableTarget(name: "character-rnn", dependencies: [adjoint, arguments]),
    .executableTarget(name: "adding-problem", dependencies: [adjoint, arguments]),
    .executableTarget(name: "deep-sets", dependencies: [adjoint, arguments]),
    .executableTarget(name: "node-classification", dependencies: [adjoint, arguments, "ExampleSupport"]),
    .executableTarget(name: "graph-classification", dependencies: [adjoint, arguments, "ExampleSupport"]),
    .executableTarget(name: "link-prediction", dependencies: [adjoint, arguments, "ExampleSupport"]),
    .executableTarget(name: "communities", dependencies: [adjoint, arguments, "ExampleSupport"]),
    .executableTarget(name: "network-similarity", dependencies: [adjoint, arguments, "ExampleSupport"]),
    .executableTarget(name: "knowledge-graph", dependencies: [adjoint, arguments, "ExampleSupport"]),
    .executableTarget(name: "indoor-position", dependencies: [adjoint, arguments, "ExampleSupport"]),
    .target(name: "AntisymmetricConv", dependencies: [adjoint]),
    .executableTarget(name: "custom-layer", dependencies: [adjoint, arguments, "AntisymmetricConv", "ExampleSupport"]),
    .target(name: "ExampleSupport", dependencies: [adjoint]),
    .executableTarget(name: "benchmarks", dependencies: [adjoint, arguments, "BenchmarkData"]),
    .target(name: "BenchmarkData", dependencies: [adjoint]),
    .testTarget(name: "BenchmarkDataTests", dependencies: ["BenchmarkData"]),
    .testTarget(name: "AntisymmetricConvTests", dependencies: ["AntisymmetricConv"]),
  ],
  swiftLanguageModes: [.v6]
)
