/// What is wrong with a dictionary of weights in PyTorch's layout.
public enum PyTorchWeightsError: Error, Equatable, CustomStringConvertible {
  /// Entries that the layer needs are not there.
  case missing([String])
  /// There are entries that the layer has no place for.
  case unexpected([String])
  /// An entry has another shape than the layer needs.
  case shape(name: String, found: Shape, expected: Shape)

  /// What is wrong, with the names of the entries.
  public var description: String {
    switch self {
    case .missing(let names): "PyTorch weights: missing \(names.joined(separator: ", "))"
    case .unexpected(let names): "PyTorch weights: unexpected \(names.joined(separator: ", "))"
    case .shape(let name, let found, let expected):
      "PyTorch weights: \(name) has shape \(found), the layer needs \(expected)"
    }
  }
}

/// A layer whose parameters have names and layouts in PyTorch's state dictionaries.
///
///     let tensors = network.pyTorchWeights           // ["weight_ih_l0": …, "weight_hh_l0": …, …]
///     try network.load(pyTorchWeights: tensors)
///
/// PyTorch stores the weights of linear maps as `[outputs, inputs]`, which is transposed here.
public protocol PyTorchLayer: Layer {
  /// The names of the parameters in PyTorch, and whether the stored matrix is the transpose.
  var pyTorchNames: [(name: String, parameter: Parameter, isTransposed: Bool)] { get }
}

extension PyTorchLayer {
  /// The parameters by PyTorch's names, in PyTorch's layouts.
  public var pyTorchWeights: [String: Tensor] {
    Dictionary(
      uniqueKeysWithValues: pyTorchNames.map {
        ($0.name, $0.isTransposed ? $0.parameter.value.transposed() : $0.parameter.value)
      })
  }

  /// Takes over parameters by PyTorch's names. Values are converted to the element type that each parameter has; if anything is
  /// wrong, nothing is changed.
  ///
  /// - Parameter weights: A tensor for every parameter, and no other.
  /// - Throws: ``PyTorchWeightsError`` with the names of entries that are missing, not expected, or of the wrong shape.
  public func load(pyTorchWeights weights: [String: Tensor]) throws {
    let names = pyTorchNames
    let missing = names.map(\.name).filter { weights[$0] == nil }
    if !missing.isEmpty { throw PyTorchWeightsError.missing(missing) }
    let unexpected = Set(weights.keys).subtracting(names.map(\.name))
    if !unexpected.isEmpty { throw PyTorchWeightsError.unexpected(unexpected.sorted()) }
    let values = try names.map { name, parameter, isTransposed in
      let shape = parameter.value.shape
      let expected = isTransposed ? Shape(shape.reversed()) : shape
      guard let value = weights[name] else { throw PyTorchWeightsError.missing([name]) }
      if value.shape != expected { throw PyTorchWeightsError.shape(name: name, found: value.shape, expected: expected) }
      return (isTransposed ? value.transposed() : value).converted(to: parameter.value.dtype)
    }
    for (entry, value) in zip(names, values) { entry.parameter.value = value }
  }
}

extension Linear: PyTorchLayer {
  /// `weight` and `bias`, as in `torch.nn.Linear`.
  public var pyTorchNames: [(name: String, parameter: Parameter, isTransposed: Bool)] {
    [("weight", $weight, true)] + (bias.map { [("bias", $0, false)] } ?? [])
  }
}

extension MLP: PyTorchLayer {
  /// `0.weight`, `0.bias`, `2.weight` and so on, as in a `torch.nn.Sequential` with an activation after every map but the last.
  public var pyTorchNames: [(name: String, parameter: Parameter, isTransposed: Bool)] {
    layers.enumerated().flatMap { number, layer in
      layer.pyTorchNames.map { ("\(2 * number).\($0.name)", $0.parameter, $0.isTransposed) }
    }
  }
}

extension Recurrent: PyTorchLayer where Cell: AffineCell {
  /// `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, then the same with `_reverse`, then `_l1` and so on, as in
  /// `torch.nn.RNN`, `LSTM` and `GRU`, whose gates have the same order.
  ///
  /// Cells that PyTorch does not have stop the program: those with a single bias, a plain network with the logistic function, and
  /// GRUs other than `.resetAfter` with `.keepsOld`.
  public var pyTorchNames: [(name: String, parameter: Parameter, isTransposed: Bool)] {
    layers.enumerated().flatMap { number, layer in
      [(layer.forward, "_l\(number)"), (layer.backward, "_l\(number)_reverse")].flatMap { cell, suffix in
        cell.map { names(of: $0, suffix) } ?? []
      }
    }
  }

  private func names(of cell: Cell, _ suffix: String) -> [(name: String, parameter: Parameter, isTransposed: Bool)] {
    require(
      (cell.input.bias == nil) == (cell.state.bias == nil), "\(Cell.self): PyTorch has two biases or none, not one")
    require(cell.isKnownToPyTorch, "\(Cell.self): PyTorch has no cell with these equations")
    let weights = [("weight_ih" + suffix, cell.input.$weight, true), ("weight_hh" + suffix, cell.state.$weight, true)]
    guard let input = cell.input.bias, let state = cell.state.bias else { return weights }
    return weights + [("bias_ih" + suffix, input, false), ("bias_hh" + suffix, state, false)]
  }
}
