@_exported import AdjointAutodiff

/// A function with parameters. A conforming type is a struct that writes nothing but its forward code.
///
///     struct Perceptron: Layer {
///       let hidden, output: Linear
///       init(key: RandomKey) {
///         hidden = Linear(2, 8, key: key.stream(0))
///         output = Linear(8, 1, key: key.stream(1))
///       }
///       func callAsFunction(_ x: Variable) -> Variable { output(tanh(hidden(x))) }
///     }
///
/// Parameters are found by reflection: properties wrapped in `@Parameter`, in sublayers, arrays and optionals, too. A copy of a
/// layer shares its parameters; putting the same layer or parameter in two places ties their weights.
public protocol Layer {}

extension Layer {
  /// Every parameter of the layer with its dotted path, in the order of declaration; a shared one once, at its first place.
  public var parameters: [(path: String, parameter: Parameter)] {
    var found: [(path: String, parameter: Parameter)] = []
    var seen: Set<ObjectIdentifier> = []
    collectParameters(of: self, at: "", into: &found, seen: &seen)
    return found
  }

  /// The number of trainable numbers.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.parameter.value.count } }
}

private func collectParameters(
  of value: Any, at path: String, into found: inout [(path: String, parameter: Parameter)],
  seen: inout Set<ObjectIdentifier>
) {
  if let parameter = value as? Parameter {
    if seen.insert(ObjectIdentifier(parameter)).inserted {
      parameter.path = path
      found.append((path, parameter))
    }
    return
  }
  let mirror = Mirror(reflecting: value)
  if mirror.displayStyle == .optional {
    for child in mirror.children { collectParameters(of: child.value, at: path, into: &found, seen: &seen) }
    return
  }
  guard value is any Layer || mirror.displayStyle == .collection || mirror.displayStyle == .tuple else { return }
  for (position, child) in mirror.children.enumerated() {
    let label = child.label.map { $0.first == "_" || $0.first == "." ? String($0.dropFirst()) : $0 } ?? String(position)
    collectParameters(of: child.value, at: path.isEmpty ? label : "\(path).\(label)", into: &found, seen: &seen)
  }
}
