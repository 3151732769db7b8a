// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Adjoint",
  platforms: [.macOS(.v15), .iOS(.v18)],
  products: [
    .library(name: "Adjoint", targets: ["Adjoint"]),
    .library(name: "AdjointTensors", targets: ["AdjointTensors"]),
    .library(name: "AdjointAutodiff", targets: ["AdjointAutodiff"]),
    .library(name: "AdjointLayers", targets: ["AdjointLayers"]),
    .library(name: "AdjointGraphs", targets: ["AdjointGraphs"]),
  ],
  targets: [
    .target(name: "AdjointKernels"),
    .target(name: "AdjointTensors", dependencies: ["AdjointKernels"]),
    .target(name: "AdjointAutodiff", dependencies: ["AdjointKernels", "AdjointTensors"]),
    .target(name: "AdjointLayers", dependencies: ["AdjointKernels", "AdjointAutodiff"]),
    .target(name: "AdjointGraphs", dependencies: ["AdjointLayers"]),
    .target(name: "Adjoint", dependencies: ["AdjointTensors", "AdjointAutodiff", "AdjointLayers", "AdjointGraphs"]),
    .testTarget(name: "AdjointTensorsTests", dependencies: ["AdjointTensors"]),
    .testTarget(name: "AdjointAutodiffTests", dependencies: ["AdjointAutodiff"]),
    .testTarget(name: "AdjointLayersTests", dependencies: ["AdjointLayers"]),
    .testTarget(name: "AdjointGraphsTests", dependencies: ["AdjointGraphs"]),
    .testTarget(name: "GoldenTests", dependencies: ["Adjoint"], exclude: ["Golden"]),
    .testTarget(name: "DocumentationTests", dependencies: ["Adjoint"]),
  ],
  swiftLanguageModes: [.v6]
)
