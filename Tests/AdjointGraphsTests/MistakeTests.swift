import AdjointGraphs
import Testing

private let chain = try? Graph(nodeCount: 3, edges: [(0, 1), (1, 2)])
private var x: Variable { Variable(Tensor(ones: [3, 2])) }

/// What the program says, and the mistake that makes it stop.
private let mistakes: [String: @Sendable () -> Void] = Dictionary(
  uniqueKeysWithValues: [mistakesWithLayers, mistakesWithData, mistakesWithKindsOfNodes].joined().map { ($0, $1) })

private let mistakesWithLayers: [String: @Sendable () -> Void] = [
  "source: features of shape [2, 2] for 3 nodes": { _ = chain?.sum(.source([[1, 2], [3, 4]])) },
  "target: features of shape [4] for 3 nodes": { _ = chain?.max(.target([1, 2, 3, 4])) },
  "edge: values of shape [3, 2] for 2 edges": { _ = chain?.sum(.edge(x)) },
  "map: a function of messages of shape [2, 2] yields [1, 2]; it has to yield a row for each of 2 edges": {
    _ = chain?.max(Endpoint.source(x).map { $0.rows(0..<1) })
  },
  "EdgeWeights: values of shape [3] for 2 edges with rows of shape [2]; there is one for each edge, [2]": {
    _ = chain?.sum([1, 2, 3] * .source(x))
  },
  "EdgeWeights: values of shape [2, 2] for 2 edges with rows of shape [2]; there is one for each edge, [2]": {
    _ = chain?.max([[1, 2], [2, 3]] * .source(x))
  },
  "EdgeWeights: values of shape [2, 1] for 2 edges with rows of shape []; there is one for each edge, [2]": {
    _ = chain?.sum([[1], [2]] * .source([1, 2, 3]))
  },
  "EdgeWeights: values of shape [2, 3] for 2 edges with rows of shape [2, 1]; there is one for each edge, [2], or for each edge "
    + "and head, [2, 2]": { _ = chain?.sum(Variable(Tensor(ones: [2, 3])) * .source(x.reshaped(to: [3, 2, 1]))) },
  "SAGEConv: a bipartite graph of 3 sources and 2 targets has no such form; pass sources and targets apart": {
    let graph = try? Graph(sourceCount: 3, targetCount: 2, edges: [(0, 1)])
    _ = graph.map { SAGEConv(2, 1, key: RandomKey(seed: 1))(x, on: $0) }
  },
  "SAGEConv: a bipartite graph of 3 sources and 1 targets has no such form; make the features dense, and pass sources and targets "
    + "apart": {
      let graph = try? Graph(sourceCount: 3, targetCount: 1, edges: [(0, 0)])
      _ = graph.map { SAGEConv(2, 1, key: RandomKey(seed: 1))(SparseMatrix(x.value), on: $0) }
    },
  "Message: factors of shape [2] for each edge do not scale rows of shape [3, 2]": {
    let score = Endpoint.source(x) + .target(x)
    _ = chain?.sum(softmax(score) * .source(Variable(Tensor(ones: [3, 3, 2]))))
  },
  "RGCNConv: a bipartite graph of 3 sources and 1 targets has no such form": {
    let graph = try? Graph(sourceCount: 3, targetCount: 1, edges: [(0, 0)])
    _ = graph.map {
      RGCNConv(2, 1, relations: 1, key: RandomKey(seed: 1))(x, on: RelationalGraph($0, kinds: [0], count: 1))
    }
  },
  "EdgeWeights: values of shape [4] for 2 edges with rows of shape [2]; there is one for each edge, [2]": {
    withMessageBudget(1) { _ = chain?.sum([1, 2, 3, 4] * .source(x)) }
  },
  "GATConv: a bipartite graph of 3 sources and 2 targets has no such form": {
    let graph = try? Graph(sourceCount: 3, targetCount: 2, edges: [(0, 1)])
    _ = graph.map { GATConv(2, 1, key: RandomKey(seed: 1))(x, on: $0) }
  },
  "softmax: values of shape [3, 2] for 2 edges": { _ = chain?.softmax(x) },
  "reduce: there is no reduction to reduce by": { _ = chain?.reduce(.source(x), by: []) },
  "reduce: messages of shape [2]; a recurrent cell reads rows of one axis": {
    _ = chain?.reduce(.edge([1, 2]), by: LSTMCell(1, 1, key: RandomKey(seed: 1)))
  },
  "withMessageBudget: a budget of 0 bytes; it has to be above 0": { withMessageBudget(0) {} },
  "edge: values of shape [4, 1] for 2 edges": {
    withMessageBudget(1) { _ = chain?.sum(EdgeFeatures.edge([[1], [2], [3], [4]]).map { $0 }) }
  },
  "SAGEConv: sparse features go with a sum or a mean; make them dense for a memory": {
    let layer = SAGEConv(2, 1, aggregation: .lstm, key: RandomKey(seed: 1))
    _ = chain.map { layer(SparseMatrix(x.value), on: $0) }
  },
  "dot: the product is that of a target with a source, in this order": { _ = dot(.source(x), .target(x)) },
  "dot: targets of shape [3, 2] and sources of shape [3, 1, 2] have no product": {
    _ = chain?.each(dot(.target(x), .source(x.reshaped(to: [3, 1, 2]))))
  },
  "ChebConv: 0 taps make no filter; there has to be at least 1": {
    _ = ChebConv(1, 1, taps: 0, key: RandomKey(seed: 1))
  },
  "SGConv: -1 hops; there have to be at least 0": { _ = SGConv(1, 1, hops: -1, key: RandomKey(seed: 1)) },
  "SAGEConv: sparse features go with a sum or a mean; make them dense for max": {
    let layer = SAGEConv(2, 1, aggregation: .max, key: RandomKey(seed: 1))
    _ = chain.map { layer(SparseMatrix(x.value), on: $0) }
  },
  "matmul: inner extents differ: [3, 2] × neighbours.weight [4, 3]": {
    let layer = SAGEConv(4, 3, key: RandomKey(seed: 1))
    _ = layer.parameters
    _ = chain.map { graph in valueWithGradients { layer(x, on: graph).sum() } }
  },
  "GraphSAGE: 0 blocks for 1 layers": { _ = GraphSAGE([2, 1], key: RandomKey(seed: 1))(x, on: []) },
  "APPNP: the probability of a restart 1.5 is outside 0 ... 1": { _ = APPNP(restart: 1.5) },
  "GatedGraphConv: features of shape [3, 2] do not fit a state of 1": {
    let layer = GatedGraphConv(1, steps: 1, key: RandomKey(seed: 1))
    _ = chain.map { layer(x, on: $0) }
  },
  "NNConv: the network yields 3 numbers, not 2 · 2": {
    _ = NNConv(2, 2, network: MLP([1, 3], key: RandomKey(seed: 1)), key: RandomKey(seed: 1))
  },
  "TransformerConv: features of edges go with edgeInputs, and only with them": {
    let layer = TransformerConv(2, 2, key: RandomKey(seed: 1))
    _ = chain.map { layer(x, edges: x, on: $0) }
  },
  "GINClassifier: 0 layers; there has to be at least 1": {
    _ = GINClassifier(2, hidden: 2, layers: 0, classes: 2, key: RandomKey(seed: 1))
  },
  "candidateScores: embeddings of shape [3, 2] for 40 entities": {
    let facts = SyntheticTasks.countries(continents: 4, regions: 3, countries: 2, key: RandomKey(seed: 1)).known
    _ = TransEDecoder(2, relations: 4, key: RandomKey(seed: 1)).candidateScores(x, of: facts)
  },
  "countries: 2 continents of -1 regions of 3 countries; there cannot be fewer than 0": {
    _ = SyntheticTasks.countries(continents: 2, regions: -1, countries: 3, key: RandomKey(seed: 1))
  },
  "countries: the part 1.5 is outside 0 ... 1": {
    _ = SyntheticTasks.countries(hidden: 1.5, key: RandomKey(seed: 1))
  },
  "indoorPositions: 4 phones and 2 access points; there have to be at least 0 and 3": {
    _ = SyntheticTasks.indoorPositions(count: 4, accessPoints: 2, key: RandomKey(seed: 1))
  },
  "RelationalGraph: kind 2 of edge 1 is outside 0 ..< 2": {
    _ = chain.map { RelationalGraph($0, kinds: [0, 2], count: 2) }
  },
  "RGCNConv: a layer of 3 relations meets a graph of 2": {
    let layer = RGCNConv(2, 2, relations: 3, key: RandomKey(seed: 1))
    _ = chain.map { layer(x, on: RelationalGraph($0, kinds: [0, 1], count: 2)) }
  },
  "pixels: the window is 2 wide; it has to be odd": { _ = RelationalGraph.pixels(height: 2, width: 2, window: 2) },
  "GraphFilter: the last of 1 taps has no weights": { _ = GraphFilter(taps: [nil], shift: .adjacency) },
  "nearest: 2 groups for 3 points": { _ = Graph(nearest: 1, among: x.value, groups: [0, 1]) },
  "TopKPooling: the ratio 0.0 is outside 0 < ratio ≤ 1": { _ = TopKPooling(2, ratio: 0, key: RandomKey(seed: 1)) },
  "Set2Set: 0 steps; there has to be at least 1": { _ = Set2Set(2, steps: 0, key: RandomKey(seed: 1)) },
  "Set2Set: rows of shape [2]; they have 3 features": {
    _ = chain.map { Set2Set(3, steps: 1, key: RandomKey(seed: 1))(x, on: GraphBatch([$0])) }
  },
  "Set2Set: rows of shape [2, 2] for 3 nodes": {
    _ = chain.map { Set2Set(2, steps: 1, key: RandomKey(seed: 1))([[1, 2], [3, 4]], on: GraphBatch([$0])) }
  },
  "GraphNorm: ε is 0.0; it has to be above 0": { _ = GraphNorm(2, epsilon: 0) },
  "readout: rows of shape [2, 2] for 3 nodes": {
    _ = chain.map { GraphBatch([$0]).readout([[1, 2], [3, 4]], by: .sum) }
  },
  "concatenatedReadout: graph 0 has 3 nodes, more than 2": {
    _ = chain.map { GraphBatch([$0]).concatenatedReadout(x, nodes: 2) }
  },
  "symmetricWeights: values of shape [3] for 2 edges": { _ = chain?.symmetricWeights([1, 2, 3]) },
  "symmetricWeights: node 1 has the degree -1.0; it must not be negative": { _ = chain?.symmetricWeights([-1, 2]) },
  "symmetricWeights: node 2 has the degree nan; it must not be negative": {
    _ = chain?.symmetricWeights(Variable(Tensor([1, .nan] as [Double])))
  },
  "addingSelfLoops: values of shape [1] for 2 edges": { _ = chain?.addingSelfLoops(weights: [1]) },
  "rectifiedLinear: inner extents differ: [3, 2] × hidden.weight [4, 5]": {
    let model = GCN(4, hidden: 5, classes: 2, key: RandomKey(seed: 1))
    _ = model.parameters
    _ = chain.map { graph in valueWithGradients { model(x, on: graph).sum() } }
  },
  "matmul: inner extents differ: [3, 2] × weight [4, 3]": {
    let layer = GCNConv(4, 3, key: RandomKey(seed: 1))
    _ = layer.parameters
    _ = chain.map { graph in valueWithGradients { layer(x, on: graph).sum() } }
  },
  "addingSelfLoops: a bipartite graph of 2 sources and 1 targets has no such form": {
    _ = try? Graph(sourceCount: 2, targetCount: 1, edges: []).addingSelfLoops()
  },
  "node column x: values of float32 [2, 2], 2 rows for 3 nodes": {
    var graph = AttributedGraph(.ring(3))
    graph.nodes["x"] = .values(Tensor(ones: [2, 2]))
  },
  "no node column z of values; there are: y (labels)": {
    var graph = AttributedGraph(.ring(3))
    graph.nodes["y"] = .labels([1, 2, 3])
    _ = graph.nodes.values("z")
  },
  "GraphBatch: graph 1 has the node columns [], the first has [\"x\"]": {
    var graph = AttributedGraph(.ring(3))
    graph.nodes["x"] = .labels([1, 2, 3])
    _ = GraphBatch([graph, AttributedGraph(.ring(3))])
  },
  "GraphBatch: node column x of graph 1 holds labels, not values of float32": {
    var (a, b) = (AttributedGraph(.ring(3)), AttributedGraph(.ring(3)))
    a.nodes["x"] = .values(Tensor(ones: [3, 2]))
    b.nodes["x"] = .labels([1, 2, 3])
    _ = GraphBatch([a, b])
  },
  "GraphBatch: node column x of graph 1 has the shape [3, 1], the first [3, 2]": {
    var (a, b) = (AttributedGraph(.ring(3)), AttributedGraph(.ring(3)))
    a.nodes["x"] = .values(Tensor(ones: [3, 2]))
    b.nodes["x"] = .values(Tensor(ones: [3, 1]))
    _ = GraphBatch([a, b])
  },
  "GraphBatch: graph 1 is not bipartite, unlike the first": {
    _ = (try? Graph(sourceCount: 2, targetCount: 1, edges: [])).map { GraphBatch([$0, .ring(3)]) }
  },
  "GraphBatch: graph 2 is outside 0 ..< 1": { _ = GraphBatch([Graph.ring(3)])[2] },
  "keeping: edge 6 at row 1 is outside 0 ..< 6": { _ = Graph.ring(3).keeping(edges: [0, 6]) },
  "subgraph: node 1 at row 2 is named twice": { _ = Graph.ring(3).subgraph(of: [1, 0, 1]) },
  "subgraph: node 3 at row 0 is outside 0 ..< 3": { _ = Graph.ring(3).subgraph(of: [3]) },
  "permuted: 2 new numbers for 3 nodes": { _ = Graph.ring(3).permuted([1, 0]) },
  "permuted: 1 at row 2 is there twice; the numbers have to be a permutation": {
    _ = Graph.ring(3).permuted([1, 0, 1])
  },
  "permuted: 5 at row 1 is outside 0 ..< 3; the numbers have to be a permutation": {
    _ = Graph.ring(3).permuted([1, 5, 0])
  },
  "neighbourhood: -1 hops; there cannot be fewer than 0": { _ = Graph.ring(3).neighbourhood(of: [0], hops: -1) },
  "hopDistances: node 7 is outside 0 ..< 3": { _ = Graph.ring(3).hopDistances(from: 7) },
  "complete: 46341 nodes; there can be 0 ... 46340": { _ = Graph.complete(46341) },
  "merge: values of shape [2] for 6 edges": { _ = Graph.ring(3).coalesced().merge([1, 2]) },
  "homophily: 1 labels for 3 nodes": { _ = Graph.ring(3).homophily([1]) },
  "shift: the largest eigenvalue is 0.0; it has to be above 0": {
    _ = Graph.ring(3).shift(.scaledLaplacian(largest: 0))
  },
  "computationTree: the tree of node 0 has 2097151.0 nodes at depth 20; that is too many": {
    _ = Graph.ring(3).computationTree(of: 0, depth: 20)
  },
  "computationTree: a depth of 1001; more than 1000 levels are too many": {
    _ = Graph.ring(3).computationTree(of: 0, depth: 1001)
  },
  "receptiveField: -1 layers; there cannot be fewer than 0": { _ = Graph.ring(3).receptiveField(of: 0, layers: -1) },
  "NonEdges: the pair 0 → 7 to leave out has a node outside 0 ..< 3": {
    _ = Graph.NonEdges(of: .path(3), isUndirected: true, excluding: NodePairs([(0, 7)]))
  },
  "ComplExDecoder: 2 features of a node do not match 4 of a relation": {
    _ = ComplExDecoder(4, relations: 1, key: RandomKey(seed: 1))(x, of: NodePairs([(0, 1)]), by: [0])
  },
  "diffusion: weights of shape [3]; they are [K, D]": { _ = GraphFilter.diffusion([1, 2, 3]) },
  "PrincipalAxes: points of shape [3, 1]; they are [N, D], with N at least 1 and D at least 2": {
    _ = PrincipalAxes(of: [[1], [2], [3]])
  },
  "NodeSplit: node 1 is named twice": { _ = NodeSplit(train: [0, 1], validation: [1], test: []) },
  "Folds: fold 3 is outside 0 ..< 2": { _ = Folds([0, 1]).split(testing: 3) },
  "NodePairs: 1 sources do not match 2 targets": { _ = NodePairs(sources: [0], targets: [0, 1]) },
  "NeighbourSampler: seed 2 at row 1 is named twice": {
    _ = NeighbourSampler(.ring(3), fanOuts: [1]).sample([2, 2], key: RandomKey(seed: 1))
  },
  "NeighbourSampler: a fan-out of -1; it must not be negative": { _ = NeighbourSampler(.ring(3), fanOuts: [nil, -1]) },
  "randomWalks: p is 0.0 and q is 1.0; both have to be above 0": {
    _ = Graph.ring(3).randomWalks(from: [0], length: 1, p: 0, key: RandomKey(seed: 1))
  },
  "matmul: element types differ: sparse float64 [3, 3] and float32 [3, 2]": {
    _ = chain?.sum(Variable(Tensor([1, 2], dtype: .float64)) * .source(x))
  },
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
  "Ranks: the score of candidate 1 of query 0 is NaN": {
    _ = Ranks(scores: Tensor([1, .nan] as [Double], shape: [1, 2]), truths: [0])
  },
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
  "APPNP: -1 hops; there have to be at least 0": { _ = APPNP(hops: -1) },
  "ChebConv: the largest eigenvalue is 0.0; it has to be above 0": {
    _ = ChebConv(1, 1, taps: 1, largestEigenvalue: 0, key: RandomKey(seed: 1))
  },
  "DiffusionConv: 0 steps; there has to be at least 1": { _ = DiffusionConv(1, steps: 0, key: RandomKey(seed: 1)) },
  "GatedGraphConv: 0 steps; there has to be at least 1": { _ = GatedGraphConv(1, steps: 0, key: RandomKey(seed: 1)) },
  "TAGConv: -1 hops; there have to be at least 0": { _ = TAGConv(1, 1, hops: -1, key: RandomKey(seed: 1)) },
  "PNAConv: there are no degrees to take a mean of": { _ = PNAConv(1, 1, degrees: [], key: RandomKey(seed: 1)) },
  "PixelConv: a window of 9 places meets a graph of 1 relations": {
    _ = PixelConv(2, 2, key: RandomKey(seed: 1))(x, on: .pixels(height: 1, width: 3, window: 1))
  },
  "RelationalGraph: 3 kinds for 2 edges": { _ = chain.map { RelationalGraph($0, kinds: [0, 0, 0], count: 1) } },
  "pixels: -1 × 2 is not a picture": { _ = RelationalGraph.pixels(height: -1, width: 2) },
  "ChebNet: 1 widths do not make a layer": { _ = ChebNet([2], taps: 1, key: RandomKey(seed: 1)) },
  "GIN: 1 widths do not make a layer": { _ = GIN([2], key: RandomKey(seed: 1)) },
  "GraphSAGE: 1 widths do not make a layer": { _ = GraphSAGE([2], key: RandomKey(seed: 1)) },
  "chebyshev: there are no coefficients": { _ = GraphFilter.chebyshev([]) },
  "spectral: 1 values at 2 eigenvalues, 1 distinct; there is one at each, and at least 1": {
    _ = GraphFilter.spectral(eigenvalues: [1, 1], response: [3], shift: .adjacency)
  },
  "AttentionReadout: the gate yields 3 numbers; it has to yield 1": {
    let network = MLP([2, 3], key: RandomKey(seed: 1))
    _ = AttentionReadout(gate: network, features: network)
  },
  "AttentionReadout: rows of shape [2, 2] for 3 nodes": {
    let network = MLP([2, 1], key: RandomKey(seed: 1))
    _ = chain.map { AttentionReadout(gate: network, features: network)([[1, 2], [3, 4]], on: GraphBatch([$0])) }
  },
  "TopKPooling: rows of shape [2, 2] for 3 nodes": {
    _ = chain.map { TopKPooling(2, key: RandomKey(seed: 1))([[1, 2], [3, 4]], on: GraphBatch([$0])) }
  },
  "concatenatedReadout: rows of shape [2, 2] for 3 nodes": {
    _ = chain.map { GraphBatch([$0]).concatenatedReadout([[1, 2], [3, 4]], nodes: 3) }
  },
  "concatenatedReadout: rows of shape [2, 1]; they have one axis": {
    _ = chain.map { GraphBatch([$0]).concatenatedReadout(x.reshaped(to: [3, 2, 1]), nodes: 3) }
  },
  "diffPool: features [3, 2], adjacency [2, 2], assignment [3, 1]; they are [N, D], [N, N], [N, C]": {
    _ = diffPool(x, adjacency: [[0, 1], [1, 0]], assignment: [[1], [1], [1]])
  },
  "EdgeWeights: values of shape [5] for 2 edges": { _ = chain?.each(EdgeWeights([1, 2, 3, 4, 5])) },
  "sum: values of shape [3, 2] for 2 edges": { _ = chain.map { Reduction.sum(x, on: $0) } },
  "softmax: values of shape [3] for 2 edges": {
    let ends = Endpoint.source([1, 2, 3]) + .target([1, 2, 3])
    _ = chain?.sum(softmax(leakyReLU(ends + EdgeFeatures.edge([1, 2, 3]))) * .source(x))
  },
  "shift: values of shape [3] for 2 edges": { _ = chain?.shift(.adjacency, weights: [1, 2, 3]) },
  "undirected: values of shape [1] for 2 edges": { _ = chain?.undirected(weights: [1]) },
  "passMessages: values of shape [3, 2] for 2 edges": {
    _ = chain?.passMessages(x, edges: x, includesSelf: true, message: { $2 }, update: { $1 })
  },
  "updateEdges: values of shape [3, 2] for 2 edges": { _ = chain?.updateEdges(x, from: x) { $2 } },
  "largestLaplacianEigenvalue: the graph is not undirected; its Laplacian has no real spectrum": {
    _ = chain?.largestLaplacianEigenvalue()
  },
  "checkEquivariance: features of shape [2, 2] for 3 nodes": {
    _ = chain.map { checkEquivariance(of: { x, _ in x }, on: $0, features: [[1, 2], [3, 4]]) }
  },
  "checkInvariance: features of shape [4] for 3 nodes": {
    _ = chain.map { checkInvariance(of: { x, _ in x }, on: $0, features: [1, 2, 3, 4]) }
  },
  "checkEquivariance: 0 permutations; there has to be one": {
    _ = chain.map { checkEquivariance(of: { x, _ in x }, on: $0, features: x.value, permutations: 0) }
  },
  "inferring: -1 hops; there have to be at least 0": { _ = chain?.inferring(from: x.value, hops: -1, layers: []) },
  "simplified: -1 hops; there have to be at least 0": { _ = GraphFilter.simplified(Parameter(1), hops: -1) },
  "RelationalGraph: -1 kinds; there cannot be fewer than 0": {
    _ = chain.map { RelationalGraph($0, kinds: [0, 0], count: -1) }
  },
  "checkEquivariance: the model yields [2] for 3 nodes; it has to yield a row for each": {
    _ = chain.map { checkEquivariance(of: { x, _ in x.sum(along: 0) }, on: $0, features: x.value) }
  },
  "checkEquivariance: a result of shape [3, 2] becomes one of [3] with other numbers": {
    _ = chain.map {
      checkEquivariance(
        of: { x, graph in graph.targets[0] == 1 ? x : x.sum(along: 1) }, on: $0, features: x.value)
    }
  },
  "inferring: 0 nodes per step; there has to be at least 1": {
    _ = chain?.inferring(from: x.value, nodesPerStep: 0, layers: [])
  },
  "inferring: features of shape [2, 2] for 3 nodes": { _ = chain?.inferring(from: [[1, 2], [3, 4]], layers: []) },
  "inferring: a layer made [2] of 3 nodes; it has to make a row for each": {
    _ = chain?.inferring(from: x.value, layers: [{ h, _ in h.sum(along: 0) }])
  },
  "MLPDecoder: embeddings of shape [3]; they are [N, D]": {
    _ = MLPDecoder(1, hidden: [], key: RandomKey(seed: 1))([1, 2, 3], of: NodePairs([(0, 1)]))
  },
  "BilinearDecoder: embeddings of shape [2]; they are [N, D]": {
    _ = BilinearDecoder(2, key: RandomKey(seed: 1))([1, 2], of: NodePairs([(0, 1)]))
  },
  "TransEDecoder: embeddings of shape [2]; they are [N, D]": {
    _ = TransEDecoder(2, relations: 1, key: RandomKey(seed: 1))([1, 2], of: NodePairs([(0, 1)]), by: [0])
  },
  "DistMultDecoder: embeddings of shape [2]; they are [N, D]": {
    _ = DistMultDecoder(2, relations: 1, key: RandomKey(seed: 1))([1, 2], of: NodePairs([(0, 1)]), by: [0])
  },
  "ComplExDecoder: embeddings of shape [2]; they are [N, D]": {
    _ = ComplExDecoder(2, relations: 1, key: RandomKey(seed: 1))([1, 2], of: NodePairs([(0, 1)]), by: [0])
  },
  "BilinearDecoder: 2 relations for 1 pairs of nodes": {
    _ = BilinearDecoder(2, relations: 1, key: RandomKey(seed: 1))(x, of: NodePairs([(0, 1)]), by: [0, 0])
  },
  "DistMultDecoder: 2 relations for 1 pairs of nodes": {
    _ = DistMultDecoder(2, relations: 1, key: RandomKey(seed: 1))(x, of: NodePairs([(0, 1)]), by: [0, 0])
  },
  "ComplExDecoder: relation 1 at row 0 is outside 0 ..< 1": {
    _ = ComplExDecoder(2, relations: 1, key: RandomKey(seed: 1))(x, of: NodePairs([(0, 1)]), by: [1])
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
