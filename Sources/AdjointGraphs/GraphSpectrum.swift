extension Graph {
  /// The largest eigenvalue of the symmetric Laplacian I − D^(−1/2) A D^(−1/2) of an undirected graph, in 0 ... 2.
  ///
  /// It is what ``GraphShift/scaledLaplacian(largest:)`` divides by. Lanczos' method with full reorthogonalisation, then
  /// bisection by Sturm's sequence on the tridiagonal matrix.
  ///
  /// - Parameters:
  ///   - steps: The number of Lanczos steps; from the number of nodes on the value is exact up to rounding.
  ///   - key: The place in the random sequence for the vector that the method starts from.
  /// - Returns: The eigenvalue, never above the true one; 0 for a graph without nodes.
  /// - Complexity: O(steps · E + steps² · N).
  public func largestLaplacianEigenvalue(steps: Int = 64, key: RandomKey = RandomKey(seed: 0)) -> Double {
    require(isUndirected, "largestLaplacianEigenvalue: the graph is not undirected; its Laplacian has no real spectrum")
    guard nodeCount > 0 else { return 0 }
    let laplacian = shift(.symmetricLaplacian, dtype: .float64)
    var basis: [Variable] = [], diagonal: [Double] = [], offDiagonal: [Double] = []
    var next = Variable(Tensor(normal: [nodeCount], key: key, dtype: .float64))
    func dot(_ a: Variable, _ b: Variable) -> Double { (a * b).sum().item() }
    next = next / Variable(dot(next, next).squareRoot())
    for step in 0..<Swift.min(steps, nodeCount) {
      basis.append(next)
      var rest = matmul(laplacian, next.reshaped(to: [nodeCount, 1])).reshaped(to: [nodeCount])
      diagonal.append(dot(rest, next))
      for _ in 0..<2 {
        for known in basis { rest = rest - Variable(dot(rest, known)) * known }
      }
      let length = dot(rest, rest).squareRoot()
      if length < 1e-12 || step + 1 == Swift.min(steps, nodeCount) { break }
      offDiagonal.append(length)
      next = rest / Variable(length)
    }
    return largestEigenvalue(diagonal: diagonal, offDiagonal: offDiagonal)
  }
}

/// The largest eigenvalue of a symmetric tridiagonal matrix, by bisection.
private func largestEigenvalue(diagonal: [Double], offDiagonal: [Double]) -> Double {
  // How many eigenvalues lie above x: the positive terms of Sturm's sequence.
  func countAbove(_ x: Double) -> Int {
    var count = 0, pivot = 1.0
    for i in diagonal.indices {
      let coupling = i == 0 ? 0 : offDiagonal[i - 1] * offDiagonal[i - 1] / pivot
      pivot = diagonal[i] - x - coupling
      if pivot == 0 { pivot = -1e-300 }
      if pivot > 0 { count += 1 }
    }
    return count
  }
  // The spectrum of this Laplacian lies in 0 ... 2.
  var low = -1e-9, high = 2 + 1e-9
  while true {
    let middle = (low + high) / 2
    if middle <= low || middle >= high { return Swift.max(0, middle) }
    if countAbove(middle) > 0 { low = middle } else { high = middle }
  }
}
