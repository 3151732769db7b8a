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
    let paths = Dictionary(
      state.pointee.parameters.values.map { ($0.index, $0.parameter.path) }, uniquingKeysWith: { first, _ in first })
    for index in 0..<Int32(count) {
      let entry = state.pointee.entry(index).pointee
      let name = state.pointee.leafNames[index] ?? paths[index].map { $0.isEmpty ? "parameter" : $0 }
      rows.append(
        [
          "%\(index)", entry.rule == nil ? "leaf" + (name.map { " \($0)" } ?? "") : entry.ruleName,
          (0..<entry.inputCount).map { position in
            let input = entry.inputIndex(position)
            return input >= 0 ? "%\(input)" : "constant"
          }.joined(separator: ", "), "\(entry.shape)", text(entry.output.isPresent ? entry.output.tensor : nil),
        ] + (gradients.map { [text($0.found(at: index)?.value)] } ?? []))
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
        .joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  private func text(_ tensor: Tensor?) -> String {
    guard let tensor, tensor.count <= smallCount else { return "" }
    return tensor.description.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: " ")
  }
}
