extension Tape: CustomStringConvertible {
  /// The Wengert list: index, operation, inputs, shape and, of small values, the value.
  public var description: String { listing(nil) }

  /// The Wengert list with the gradient of every entry.
  ///
  /// - Parameter gradients: What `gradients()` of a variable on this tape returned.
  /// - Returns: One line for each entry: index, operation, inputs, shape, value and gradient.
  public func description(with gradients: Gradients) -> String { listing(gradients) }

  private func listing(_ gradients: Gradients?) -> String {
    var rows = [["", "operation", "inputs", "shape", "value"] + (gradients == nil ? [] : ["gradient"])]
    for node in nodes(gradients) {
      let inputs = node.inputs.map { input in
        if case .entry(let index) = input { "%\(index)" } else { "constant" }
      }
      rows.append(
        [
          "%\(node.index)", (node.operation ?? "leaf") + (node.name.map { " \($0)" } ?? ""),
          inputs.joined(separator: ", "), "\(node.shape)", lineOfText(node.value) ?? "",
        ] + (gradients == nil ? [] : [lineOfText(node.gradient) ?? ""]))
    }
    return table(rows)
  }
}
