import Adjoint
import Foundation

/// A tensor of a golden file.
struct GoldenTensor: Sendable {
  enum Kind: String, Sendable { case float64, int64, bool }

  let shape: [Int]
  let kind: Kind
  /// The elements in row-major order; false is 0, true is 1.
  let values: [Double]

  init(shape: [Int], kind: Kind = .float64, values: [Double]) {
    (self.shape, self.kind, self.values) = (shape, kind, values)
  }

  init(_ json: JSON?, _ place: String) throws(CaseError) {
    guard let members = json?.object else { throw .malformed("\(place) is no tensor") }
    guard let shape = members["shape"]?.integers, shape.allSatisfy({ $0 >= 0 }) else {
      throw .malformed("\(place) has no shape")
    }
    guard let kind = members["dtype"]?.string.flatMap(Kind.init) else {
      throw .malformed("\(place) has none of the dtypes float64, int64 and bool")
    }
    guard let data = members["data"] else { throw .malformed("\(place) has no data") }
    var values: [Double] = []
    try Self.flatten(data, shape[...], kind, place, into: &values)
    self.init(shape: shape, kind: kind, values: values)
  }

  private static func flatten(
    _ json: JSON, _ shape: ArraySlice<Int>, _ kind: Kind, _ place: String, into values: inout [Double]
  ) throws(CaseError) {
    if let extent = shape.first {
      guard let elements = json.array, elements.count == extent else {
        throw .malformed("the data of \(place) does not fill its shape")
      }
      for element in elements { try flatten(element, shape.dropFirst(), kind, place, into: &values) }
    } else if let value = scalar(json, kind) {
      values.append(value)
    } else {
      throw .malformed("\(place) holds something that is no \(kind): \(json)")
    }
  }

  private static func scalar(_ json: JSON, _ kind: Kind) -> Double? {
    switch (kind, json) {
    case (.bool, .bool(let value)): value ? 1 : 0
    case (.int64, .number(let value)) where value == value.rounded(): value
    case (.float64, .number(let value)): value
    case (.float64, .string("NaN")): .nan
    case (.float64, .string("Infinity")): .infinity
    case (.float64, .string("-Infinity")): -.infinity
    default: nil
    }
  }
}

/// How far a value may be from its golden one: atol + rtol |golden|.
struct Tolerance: Sendable {
  let relative, absolute: Double
}

/// One golden case.
struct GoldenCase: Sendable {
  /// What a scalar made of the outputs has as gradients.
  struct Gradients: Sendable {
    let cotangents, inputs, parameters: [String: GoldenTensor]
  }

  let name, description: String
  let inputs, parameters, outputs: [String: GoldenTensor]
  let attributes: [String: JSON]
  let gradients: Gradients?
  let tolerances: [DType: Tolerance]

  /// Reads a case; nil for JSON that is no case.
  init?(_ data: Data) throws(CaseError) {
    let json: JSON
    do {
      json = try JSONDecoder().decode(JSON.self, from: data)
    } catch {
      throw .malformed("this is no JSON: \(error)")
    }
    guard let members = json.object, members["inputs"] != nil || members["outputs"] != nil else { return nil }

    func object(_ name: String, in members: [String: JSON]) throws(CaseError) -> [String: JSON] {
      guard let object = members[name]?.object else { throw .malformed("\(name) is missing") }
      return object
    }
    func tensors(_ name: String, in members: [String: JSON]) throws(CaseError) -> [String: GoldenTensor] {
      var result: [String: GoldenTensor] = [:]
      for (key, tensor) in try object(name, in: members) { result[key] = try GoldenTensor(tensor, "\(name).\(key)") }
      return result
    }

    guard let name = members["name"]?.string, !name.isEmpty else { throw .malformed("name is missing") }
    self.name = name
    description = members["description"]?.string ?? ""
    inputs = try tensors("inputs", in: members)
    parameters = try tensors("parameters", in: members)
    outputs = try tensors("outputs", in: members)
    attributes = try object("attributes", in: members)

    let gradients = try object("gradients", in: members)
    self.gradients =
      try gradients.isEmpty
      ? nil
      : Gradients(
        cotangents: tensors("cotangents", in: gradients), inputs: tensors("inputs", in: gradients),
        parameters: tensors("parameters", in: gradients))

    var tolerances: [DType: Tolerance] = [:]
    for dtype in DType.allCases {
      let bounds = try object("\(dtype)", in: object("tolerance", in: members))
      guard let relative = bounds["rtol"]?.number, let absolute = bounds["atol"]?.number else {
        throw .malformed("tolerance.\(dtype) lacks rtol or atol")
      }
      tolerances[dtype] = Tolerance(relative: relative, absolute: absolute)
    }
    self.tolerances = tolerances
    try checkGradients()
  }

  /// Every gradient belongs to something of its shape.
  private func checkGradients() throws(CaseError) {
    guard let gradients else { return }
    for (what, found, owners) in [
      ("cotangent", gradients.cotangents, outputs), ("gradient of input", gradients.inputs, inputs),
      ("gradient of parameter", gradients.parameters, parameters),
    ] {
      for (name, tensor) in found where owners[name]?.shape != tensor.shape || owners[name]?.kind != .float64 {
        throw .malformed("the \(what) \(name) belongs to nothing of its shape")
      }
    }
  }

  /// The last component of the name, which says what is computed.
  var baseName: String { name.split(separator: "/").last.map(String.init) ?? name }
}

/// Why a case has no result.
enum CaseError: Error, CustomStringConvertible {
  /// The file is not as the schema says.
  case malformed(String)
  /// The library or the machine lacks what the case needs.
  case unsupported(String)

  var description: String {
    switch self {
    case .malformed(let text): text
    case .unsupported(let text): "unsupported: \(text)"
    }
  }
}
