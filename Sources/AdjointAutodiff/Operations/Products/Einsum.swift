/// Returns a sum of products over named axes: Einstein's notation.
///
///     einsum("ij,jk->ik", a, b)      matrix product       einsum("ii->", a)          trace
///     einsum("bij,bjk->bik", a, b)   of every pair        einsum("ij->ji", a)        transpose
///     einsum("i,j->ij", a, b)        outer product        einsum("...i,i->...", a, b)  along the last axis
///
///     y[output] = Σ Πₙ xₙ[letters of n] over the letters that the output does not have
///
/// Every letter stands for an axis; a letter twice in one operand takes its diagonal; `...` stands for any further axes, which broadcast.
/// Axes of one letter have one extent, or extent 1 and are repeated. Without `->`, the output has the letters that occur once, in
/// alphabetical order. Gradients are those of the reshapes, sums and products it is made of.
///
/// - Parameters:
///   - equation: The letters of the operands, separated by commas, and those of the result.
///   - operands: As many variables as the equation has. Anything that does not fit stops the program and is named.
/// - Returns: The sum.
/// - Complexity: One ``matmul(_:_:transposingLeft:transposingRight:)`` for each operand after the first, from left to right.
public func einsum(_ equation: String, _ operands: Variable...) -> Variable { einsum(equation, operands) }

/// Returns a sum of products over named axes: Einstein's notation, for any number of operands.
///
/// - Parameters:
///   - equation: The letters of the operands, separated by commas, and those of the result.
///   - operands: As many variables as the equation has.
/// - Returns: The sum.
public func einsum(_ equation: String, _ operands: [Variable]) -> Variable {
  let plan = EinsumEquation(equation, operands.map(\.shape))
  var terms = zip(operands, plan.inputs).map { Term($0, axes: $1).diagonal() }
  var result = terms.removeFirst()
  for (i, term) in terms.enumerated() {
    result = result.times(term, keeping: Set(plan.output).union(terms[(i + 1)...].flatMap(\.axes)))
  }
  return result.summed(keeping: Set(plan.output)).ordered(plan.output).value
}

/// The axes of operands and result; those of `...` are numbered.
private struct EinsumEquation {
  var inputs: [[String]] = []
  var output: [String] = []

  init(_ equation: String, _ shapes: [Shape]) {
    let compact = equation.filter { $0 != " " }
    let arrow = compact.firstRange(of: "->")
    let texts = compact[..<(arrow?.lowerBound ?? compact.endIndex)].split(
      separator: ",", omittingEmptySubsequences: false)
    require(
      texts.count == shapes.count, "einsum: \"\(equation)\" has \(texts.count) operands, \(shapes.count) are given")
    var extents: [String: Int] = [:], further = 0
    for (text, shape) in zip(texts, shapes) {
      let letters = Self.letters(text, equation, ellipsis: shape.rank)
      require(letters.count == shape.rank, "einsum: \"\(text)\" in \"\(equation)\" does not fit shape \(shape)")
      further = Swift.max(further, letters.count { $0.count > 1 })
      for (letter, extent) in zip(letters, shape) {
        let known = extents[letter] ?? 1
        require(
          known == extent || known == 1 || extent == 1,
          "einsum: axis \(letter) of \"\(equation)\" has extents \(known) and \(extent)")
        extents[letter] = known == 1 ? extent : known
      }
      inputs.append(letters)
    }
    let dots = (0..<further).map { "...\(further - $0)" }
    if let arrow {
      let text = compact[arrow.upperBound...]
      output = Self.letters(text, equation, ellipsis: text.filter { $0 != "." }.count + further)
    } else {
      let all = inputs.joined().filter { $0.count == 1 }
      output = dots + Set(all).filter { letter in all.count { $0 == letter } == 1 }.sorted()
    }
    for letter in output {
      require(extents[letter] != nil, "einsum: the output of \"\(equation)\" has axis \(letter), no operand has")
    }
    require(Set(output).count == output.count, "einsum: the output of \"\(equation)\" has an axis twice")
  }

  /// The letters of an operand of rank `ellipsis`, with the axes of `...` counted from the last one.
  private static func letters(_ text: Substring, _ equation: String, ellipsis rank: Int) -> [String] {
    let parts = text.firstRange(of: "...").map { [text[..<$0.lowerBound], text[$0.upperBound...]] } ?? [text]
    let letters = parts.map { $0.map(String.init) }
    require(
      letters.joined().allSatisfy { $0.first.map { $0.isLetter } ?? false },
      "einsum: \"\(equation)\" has something other than letters, commas, -> and ...")
    if parts.count == 1 { return letters[0] }
    let count = Swift.max(0, rank - letters[0].count - letters[1].count)
    return letters[0] + (0..<count).map { "...\(count - $0)" } + letters[1]
  }
}

/// A variable whose axes have names.
private struct Term {
  var value: Variable
  var axes: [String]

  init(_ value: Variable, axes: [String]) { (self.value, self.axes) = (value, axes) }

  /// The diagonal of every pair of axes of one name.
  func diagonal() -> Term {
    for (first, name) in axes.enumerated() {
      guard let second = axes[(first + 1)...].firstIndex(of: name) else { continue }
      require(
        value.shape[first] == value.shape[second],
        "einsum: axes \(name) of shape \(value.shape) differ, so that they have no diagonal")
      let others = axes.indices.filter { $0 != first && $0 != second }
      let result = Term(
        value.transposed(others + [first, second]).diagonal(), axes: others.map { axes[$0] } + [name])
      return result.diagonal()
    }
    return self
  }

  /// The sum along every axis that is not kept.
  func summed(keeping kept: Set<String>) -> Term {
    let gone = axes.indices.filter { !kept.contains(axes[$0]) }
    return gone.isEmpty ? self : Term(value.sum(along: gone), axes: axes.filter { kept.contains($0) })
  }

  func ordered(_ names: [String]) -> Term {
    if names == axes { return self }
    return Term(value.transposed(names.map { axes.firstIndex(of: $0).unsafelyUnwrapped }), axes: names)
  }

  private func extent(_ name: String) -> Int { axes.firstIndex(of: name).map { value.shape[$0] } ?? 1 }

  /// The product, summed along every axis that is not kept, as one product of stacks of matrices.
  func times(_ other: Term, keeping kept: Set<String>) -> Term {
    let left = summed(keeping: kept.union(other.axes)), right = other.summed(keeping: kept.union(axes))
    let shared = left.axes.filter { right.axes.contains($0) }
    let batch = shared.filter { kept.contains($0) }, inner = shared.filter { !kept.contains($0) }
    let rows = left.axes.filter { !shared.contains($0) }, columns = right.axes.filter { !shared.contains($0) }
    func common(_ names: [String]) -> [Int] {
      names.map { left.extent($0) == 1 ? right.extent($0) : left.extent($0) }
    }
    func matrices(_ term: Term, _ names: [[String]]) -> Variable {
      let flat = names.flatMap { $0 }
      let spread = term.ordered(flat).value.broadcast(to: Shape(common(flat)))
      return spread.reshaped(to: names.map { common($0).reduce(1, *) })
    }
    let product = matmul(matrices(left, [batch, rows, inner]), matrices(right, [batch, inner, columns]))
    let result = batch + rows + columns
    return Term(product.reshaped(to: common(result)), axes: result)
  }
}

extension OperationSample {
  static let einsum = OperationSample([[3, 4], [4, 2]], yields: [2, 3]) {
    AdjointAutodiff.einsum("ij,jk->ki", $0[0], $0[1])
  }.varying(3, 4, 2)
  static let einsumBatch = OperationSample("einsum of a batch", [[2, 3, 2], [2, 2, 3]], yields: [2, 3]) {
    AdjointAutodiff.einsum("bij,bji->bi", $0[0], $0[1])
  }.varying(2, 3)
  static let einsumDiagonal = OperationSample("einsum of a diagonal", [[3, 3], [1]], yields: []) {
    AdjointAutodiff.einsum("ii,i->", $0[0], $0[1])
  }.varying(3)
  static let einsumThree = OperationSample("einsum of three", [[2, 3], [3, 2], [2]], yields: [2]) {
    AdjointAutodiff.einsum("ij,jk,k", $0)
  }.varying(2, 3)
  static let einsumEllipsis = OperationSample("einsum with ...", [[2, 3, 4], [3, 4]], yields: [2, 3]) {
    AdjointAutodiff.einsum("...i,...i->...", $0[0], $0[1])
  }.varying(2, 3, 4).also(on: [[4], [4]], yields: [])
}
