import AdjointGraphs
import Testing

private let chain = try? Graph(nodeCount: 3, edges: [(0, 1), (1, 2)])
private var x: Variable { Variable(Tensor(ones: [3, 2])) }

/// What the program says, and the mistake that makes it stop.
private let mistakes: [String: @Sendable () -> Void] = [
  "source: features of shape [2, 2] for 3 nodes": { _ = chain?.sum(.source([[1, 2], [3, 4]])) },
  "target: features of shape [4] for 3 nodes": { _ = chain?.max(.target([1, 2, 3, 4])) },
  "Message: values of shape [3, 2] for 2 edges": { _ = chain?.sum(.edge(x)) },
  "EdgeWeights: values of shape [3] for 2 edges": { _ = chain?.sum([1, 2, 3] * .source(x)) },
  "EdgeWeights: values of shape [2, 1] for 2 edges": { _ = chain?.max([[1], [2]] * .source(x)) },
  "softmax: values of shape [3, 2] for 2 edges": { _ = chain?.softmax(x) },
  "symmetricWeights: values of shape [3] for 2 edges": { _ = chain?.symmetricWeights([1, 2, 3]) },
  "symmetricWeights: node 1 has the degree -1.0; it must not be negative": { _ = chain?.symmetricWeights([-1, 2]) },
  "symmetricWeights: node 2 has the degree nan; it must not be negative": {
    _ = chain?.symmetricWeights(Variable(Tensor([1, .nan] as [Double])))
  },
  "addingSelfLoops: values of shape [1] for 2 edges": { _ = chain?.addingSelfLoops(weights: [1]) },
  "linear: inner extents differ: [3, 2] × hidden.weight [4, 5]": {
    let model = GCN(4, hidden: 5, classes: 2, key: RandomKey(seed: 1))
    _ = model.parameters
    _ = chain.map { graph in valueWithGradients { model(x, on: graph).sum() } }
  },
  "matmul: inner extents differ: [3, 2] × weight [4, 3]": {
    let layer = GCNConv(4, 3, key: RandomKey(seed: 1))
    _ = layer.parameters
    _ = chain.map { graph in valueWithGradients { layer(x, on: graph).sum() } }
  },
  "matmul: element types differ: sparse float64 [3, 3] and float32 [3, 2]": {
    _ = chain?.sum(Variable(Tensor([1, 2], dtype: .float64)) * .source(x))
  },
]

@Suite struct `A mistake with graphs` {
  @Test(arguments: mistakes.keys.sorted())
  func `stops the program and is named`(_ sentence: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [sentence] in
      mistakes[sentence]?()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("Fatal error: \(sentence)\n"), "\(text.prefix(500))")
  }
}
