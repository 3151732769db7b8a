extension Tape {
  /// The computational graph in Graphviz's language: `dot -Tsvg graph.dot` draws it.
  ///
  /// Leaves are boxes, operations ellipses. Every edge carries the value that flows along it and, with gradients, what the
  /// operation passes back; large arrays are shown by their shapes, their gradients by the Euclidean norm.
  ///
  /// - Parameter gradients: What `gradients()` of a variable on this tape returned; nil for values alone.
  /// - Returns: The text of a `.dot` file.
  public func dot(with gradients: Gradients? = nil) -> String {
    let graph = TapeGraph(self, gradients)
    var lines = ["digraph tape {", "  rankdir=LR", "  node [fontname=\"Helvetica\"]", "  edge [fontname=\"Courier\"]"]
    for (index, node) in graph.nodes.enumerated() {
      let shape =
        switch node.kind {
        case .input, .parameter: "box, style=rounded"
        case .operation: "ellipse"
        case .constant, .result: "plaintext"
        }
      let text = [node.text, node.total.map { "Σ \($0)" }].compactMap(\.self).joined(separator: "\n")
      lines.append("  n\(index) [label=\(text.quoted), shape=\(shape)]")
    }
    for edge in graph.edges {
      let label = [edge.value, edge.gradient].compactMap(\.self).joined(separator: "\n")
      lines.append("  n\(edge.source) -> n\(edge.target)" + (label.isEmpty ? "" : " [label=\(label.quoted)]"))
    }
    return (lines + ["}", ""]).joined(separator: "\n")
  }
}

extension String {
  /// A string literal of Graphviz.
  fileprivate var quoted: String {
    "\"" + map { $0 == "\"" ? "\\\"" : $0 == "\\" ? "\\\\" : $0 == "\n" ? "\\n" : "\($0)" }.joined() + "\""
  }
}
