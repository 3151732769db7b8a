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
/// layer shares its parameters and buffers; putting the same layer or parameter in two places ties their weights.
public protocol Layer {}

extension Layer {
  /// Every parameter of the layer with its dotted path, in the order of declaration; a shared one once, at its first place.
  public var parameters: [(path: String, parameter: Parameter)] {
    var found: [(path: String, parameter: Parameter)] = []
    visit(self) { (path, parameter: Parameter) in
      parameter.path = path
      found.append((path, parameter))
    }
    return found
  }

  /// The number of trainable numbers.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.parameter.value.count } }

  /// Every tensor that the layer keeps without training it, such as running statistics, with its dotted path.
  ///
  /// What has to be saved with the parameters for the layer to go on as it was.
  public var buffers: [(path: String, buffer: Buffer)] {
    var found: [(path: String, buffer: Buffer)] = []
    visit(self) { (path, buffer: Buffer) in found.append((path, buffer)) }
    return found
  }
}

/// Calls `body` with every object of a class in a layer and its path, in the order of declaration, each object once.
private func visit<Object: AnyObject>(_ layer: some Layer, _ body: (String, Object) -> Void) {
  var seen: Set<ObjectIdentifier> = []
  visit(layer, at: "", &seen, body)
}

private func visit<Object: AnyObject>(
  _ value: Any, at path: String, _ seen: inout Set<ObjectIdentifier>, _ body: (String, Object) -> Void
) {
  if let object = value as? Object {
    if seen.insert(ObjectIdentifier(object)).inserted { body(path, object) }
    return
  }
  let mirror = Mirror(reflecting: value)
  if mirror.displayStyle == .optional {
    for child in mirror.children { visit(child.value, at: path, &seen, body) }
    return
  }
  guard value is any Layer || mirror.displayStyle == .collection || mirror.displayStyle == .tuple else { return }
  for (position, child) in mirror.children.enumerated() {
    let label = child.label.map { $0.first == "_" || $0.first == "." ? String($0.dropFirst()) : $0 } ?? String(position)
    visit(child.value, at: path.isEmpty ? label : "\(path).\(label)", &seen, body)
  }
}
