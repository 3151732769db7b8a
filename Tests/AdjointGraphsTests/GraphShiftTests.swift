import AdjointGraphs
import Testing

@Suite struct `A shift matrix` {
  let path: Graph
  init() throws { path = try Graph(nodeCount: 3, undirected: [(0, 1), (1, 2)]) }

  private func dense(_ graph: Graph, _ kind: GraphShift) -> Tensor { graph.shift(kind, dtype: .float64).dense().value }

  // 002-07
  @Test func `of a directed line delays a signal, and of a directed cycle turns it`() throws {
    let line = try Graph(nodeCount: 3, edges: [(0, 1), (1, 2)]), x: Variable = [[1], [2], [3]]
    #expect(matmul(line.shift(.adjacency), x).value == [[0], [1], [2]])
    let cycle = try Graph(nodeCount: 3, edges: [(0, 1), (1, 2), (2, 0)])
    #expect(matmul(cycle.shift(.adjacency), x).value == [[3], [1], [2]])
    // Σ h[k] Sᵏ x is the convolution y[t] = Σ h[k] x[t − k].
    let h = [2.0, -1, 0.5]
    var shifted = x, filtered = Variable(h[0]) * x
    for tap in h.dropFirst() {
      shifted = matmul(line.shift(.adjacency), shifted)
      filtered = filtered + Variable(tap) * shifted
    }
    let signal = [1.0, 2, 3]
    let convolved = (0..<3).map { t in (0...t).reduce(0) { $0 + h[$1] * signal[t - $1] } }
    #expect(filtered.value == Tensor(convolved, shape: [3, 1]))
  }

  // 002-08
  @Test func `is A, its transpose, a normalisation or a Laplacian, as asked`() throws {
    #expect(dense(path, .adjacency) == Tensor([0, 1, 0, 1, 0, 1, 0, 1, 0], shape: [3, 3], dtype: .float64))
    #expect(dense(path, .laplacian) == Tensor([1, -1, 0, -1, 2, -1, 0, -1, 1], shape: [3, 3], dtype: .float64))
    let arrow = try Graph(nodeCount: 2, edges: [(0, 1)])
    #expect(dense(arrow, .adjacency) == Tensor([0, 0, 1, 0], shape: [2, 2], dtype: .float64))
    #expect(dense(arrow, .transposedAdjacency) == dense(arrow, .adjacency).transposed())
    #expect(dense(path, .randomWalk) == Tensor([0, 1, 0, 0.5, 0, 0.5, 0, 1, 0], shape: [3, 3], dtype: .float64))
    #expect(dense(path, .randomWalkLaplacian) == Tensor.eye(3, dtype: .float64) - dense(path, .randomWalk))
    #expect(dense(path, .symmetricLaplacian) == Tensor.eye(3, dtype: .float64) - dense(path, .symmetric))
    let scaled = dense(path, .scaledLaplacian(largest: 1.5))
    let expected = dense(path, .symmetricLaplacian) * Tensor(2 / 1.5, dtype: .float64) - Tensor.eye(3, dtype: .float64)
    #expect(abs(scaled - expected).max().item() < 1e-14)
  }

  // 002-08
  @Test func `has the spectra that are known: 0, 1, 3 and 0, 1, 2 for a path, 0, 1, 1, 3, 3, 4 for a hexagon`() {
    // det(M − λ I) vanishes at each eigenvalue.
    func vanishes(_ matrix: Tensor, at values: [Double]) -> Bool {
      values.allSatisfy { value in
        Swift.abs(determinant(matrix - Tensor.eye(matrix.shape[0], dtype: .float64) * Tensor(value, dtype: .float64)))
          < 1e-9
      }
    }
    #expect(vanishes(dense(path, .laplacian), at: [0, 1, 3]))
    #expect(vanishes(dense(path, .symmetricLaplacian), at: [0, 1, 2]))
    #expect(vanishes(dense(path, .randomWalkLaplacian), at: [0, 1, 2]))
    // How often each eigenvalue occurs shows between them: det(L − t I) = Π (λ − t).
    for t in [-1, 0, 0.5, 1, 2, 3, 3.5, 4, 5] {
      let found = determinant(dense(.ring(6), .laplacian) - Tensor.eye(6, dtype: .float64) * Tensor(t, dtype: .float64))
      #expect(Swift.abs(found - [0, 1, 1, 3, 3, 4].reduce(1) { $0 * ($1 - t) }) < 1e-9)
    }
  }

  // 000-08
  @Test func `with self-loops is A + I, and D⁻¹ (A + I) has rows that sum to 1`() throws {
    let graph = try randomGraph(7, 20, seed: 2).removingSelfLoops()
    let looped = graph.addingSelfLoops()
    #expect(dense(looped, .adjacency) == dense(graph, .adjacency) + Tensor.eye(7, dtype: .float64))
    let sums = dense(looped, .randomWalk).sum(along: [1])
    #expect(abs(sums - Tensor(ones: [7], dtype: .float64)).max().item() < 1e-14)
    let roots = sqrt(Variable(Tensor(looped.inDegrees.map { 1 / Double($0) }, dtype: .float64))).value
    let direct = roots.reshaped(to: [7, 1]) * dense(looped, .adjacency) * roots.reshaped(to: [1, 7])
    #expect(abs(dense(graph, .convolution) - direct).max().item() < 1e-14)
  }

  @Test func `gives an isolated node a diagonal of 1 in the normalised Laplacians, and 0 elsewhere`() throws {
    let graph = try Graph(nodeCount: 2, edges: [])
    #expect(dense(graph, .laplacian) == Tensor(zeros: [2, 2], dtype: .float64))
    #expect(dense(graph, .symmetric) == Tensor(zeros: [2, 2], dtype: .float64))
    #expect(dense(graph, .symmetricLaplacian) == Tensor.eye(2, dtype: .float64))
    #expect(dense(graph, .convolution) == Tensor.eye(2, dtype: .float64))
    #expect(dense(try Graph(nodeCount: 0, edges: []), .laplacian).shape == [0, 0])
  }

  @Test(
    arguments: [
      .adjacency, .transposedAdjacency, .randomWalk, .symmetric, .convolution, .laplacian, .symmetricLaplacian,
      .randomWalkLaplacian, .scaledLaplacian(),
    ] as [GraphShift])
  func `with weights of 1 is that without, and passes gradients to them`(_ kind: GraphShift) throws {
    let graph = try randomGraph(5, 12, seed: 8)
    let ones = Variable(Tensor(ones: [12], dtype: .float64))
    #expect(abs(graph.shift(kind, weights: ones).dense().value - dense(graph, kind)).max().item() < 1e-14)
    let report = checkGradients(
      of: { graph.shift(kind, weights: $0).dense() },
      at: Tensor(uniform: [12], low: 0.5, high: 2, key: RandomKey(seed: 1))
    )
    #expect(report.passes, "\(report)")
  }

  @Test func `of the scaled Laplacian divides by the largest eigenvalue, found by Lanczos`() throws {
    #expect(Swift.abs(path.largestLaplacianEigenvalue() - 2) < 1e-9)
    // A ring of 5: 1 − cos(2π · 2/5).
    #expect(Swift.abs(Graph.ring(5).largestLaplacianEigenvalue() - 1.8090169943749475) < 1e-9)
    #expect(Swift.abs(Graph.complete(4).largestLaplacianEigenvalue() - 4.0 / 3) < 1e-9)
    let few = KarateClub.graph.largestLaplacianEigenvalue(steps: 6), all = KarateClub.graph.largestLaplacianEigenvalue()
    #expect(few <= all + 1e-12 && few > 1.5 && all < 2)
    #expect(try Graph(nodeCount: 0, edges: []).largestLaplacianEigenvalue() == 0)
  }

  @Test func `meets checked weights only, if they come from outside`() throws {
    let graph = try Graph(nodeCount: 3, edges: [(0, 1), (1, 2), (2, 1)])
    try graph.validate(weights: [2, -1, 3])
    let sentences: [(Tensor, String)] = [
      ([1, 2], "Graph: weights of shape [2] for 3 edges"),
      ([1, Tensor(.nan), 2], "Graph: edge 1 (2 → 1) has the weight nan; it has to be finite"),
      ([1, -3, 2], "Graph: node 1 has the degree -2.0; it must not be negative"),
    ]
    for (weights, sentence) in sentences {
      let error = #expect(throws: GraphError.self) { try graph.validate(weights: weights) }
      #expect(error?.description == sentence)
    }
  }
}

/// By elimination with pivots.
private func determinant(_ matrix: Tensor) -> Double {
  let n = matrix.shape[0]
  var a = matrix.scalars(as: Double.self), result = 1.0
  for k in 0..<n {
    let pivot = (k..<n).max { Swift.abs(a[$0 * n + k]) < Swift.abs(a[$1 * n + k]) } ?? k
    if pivot != k {
      for j in 0..<n { a.swapAt(k * n + j, pivot * n + j) }
      result = -result
    }
    result *= a[k * n + k]
    if a[k * n + k] == 0 { return 0 }
    for i in k + 1..<Swift.max(n, k + 1) {
      let factor = a[i * n + k] / a[k * n + k]
      for j in k..<n { a[i * n + j] -= factor * a[k * n + j] }
    }
  }
  return result
}
