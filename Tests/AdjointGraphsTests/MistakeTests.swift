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
  "NodePairs: 2 first nodes, but 1 second nodes of pairs": { _ = NodePairs(sources: [0, 1], targets: [2]) },
  "DotDecoder: embeddings of shape [3]; they are [N, D]": { _ = DotDecoder()([1, 2, 3], of: NodePairs([(0, 1)])) },
  "BilinearDecoder: 2 relations; say which one each pair is scored by": {
    _ = BilinearDecoder(2, relations: 2, key: RandomKey(seed: 1))(x, of: NodePairs([(0, 1)]))
  },
  "TransEDecoder: 2 relations for 1 pairs of nodes": {
    _ = TransEDecoder(2, relations: 2, key: RandomKey(seed: 1))(x, of: NodePairs([(0, 1)]), by: [0, 1])
  },
  "DistMultDecoder: relation 2 at row 0 is outside 0 ..< 2": {
    _ = DistMultDecoder(2, relations: 2, key: RandomKey(seed: 1))(x, of: NodePairs([(0, 1)]), by: [2])
  },
  "ComplExDecoder: 3 features do not split into real and imaginary parts": {
    _ = ComplExDecoder(3, relations: 2, key: RandomKey(seed: 1))
  },
  "Ranks: scores of shape [2]; they are [queries, candidates]": { _ = Ranks(scores: [1, 2], truths: [0]) },
  "Ranks: 2 truths for 1 queries": { _ = Ranks(scores: [[1, 2]], truths: [0, 1]) },
  "Ranks: 2 filters for 1 queries": { _ = Ranks(scores: [[1, 2]], truths: [0], filtered: [[], []]) },
  "Ranks: truth 2 at row 0 is outside 0 ..< 2": { _ = Ranks(scores: [[1, 2]], truths: [2]) },
  "Ranks: the score of candidate 1 of query 0 is NaN": { _ = Ranks(scores: [[1, .nan]], truths: [0]) },
  "Ranks: filtered candidate 5 of query 0 is outside 0 ..< 2": {
    _ = Ranks(scores: [[1, 2]], truths: [0], filtered: [[5]])
  },
  "LatentNormal: means of shape [1, 2], deviations of shape [1]; both are [N, D]": {
    _ = LatentNormal(mean: [[1, 2]], logDeviation: [1])
  },
  "KMeans: points of shape [3]; they are [N, D]": { _ = KMeans([1, 2, 3], clusters: 1, key: RandomKey(seed: 1)) },
  "KMeans: 4 clusters of 3 points": { _ = KMeans(x.value, clusters: 4, key: RandomKey(seed: 1)) },
  "KMeans: 0 starts; at least one is needed": { _ = KMeans(x.value, clusters: 1, starts: 0, key: RandomKey(seed: 1)) },
  "ClusterAgreement: 1 clusters for 2 classes; both are one for each thing": {
    _ = ClusterAgreement(clusters: [0], classes: [0, 1])
  },
  "ClusterAgreement: cluster -1 at row 0 is outside 0 ..< 1": {
    _ = ClusterAgreement(clusters: [-1, 0], classes: [0, 1])
  },
  "modularity: 2 communities for the nodes of Graph(3 nodes, 2 directed edges); there is one for each node of one kind":
    {
      _ = chain?.modularity(of: [0, 1])
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
