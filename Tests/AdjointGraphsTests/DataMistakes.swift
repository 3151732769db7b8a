import AdjointGraphs

private let key = RandomKey(seed: 1)
private let triangle = Graph.ring(3)

/// What the program says, and the mistake with graphs that are made, read, split or sampled.
let mistakesWithData: [String: @Sendable () -> Void] = [
  "Graph: -3 is not a number of nodes; it lies in 0 ... 2147483647": { _ = Graph.path(-3) },
  "grid: -1 rows of 2 nodes; there cannot be fewer than 0": { _ = Graph.grid(rows: -1, columns: 2) },
  "tree: a depth of -1 with 2 children; there have to be at least 0 and 1": {
    _ = Graph.tree(depth: -1, branching: 2)
  },
  "stochasticBlockModel: 2 blocks need as many rows and columns of probabilities": {
    _ = Graph.stochasticBlockModel(sizes: [1, 1], probabilities: [[1, 1], [1]], key: key)
  },
  "stochasticBlockModel: a block of -1 nodes": {
    _ = Graph.stochasticBlockModel(sizes: [-1], probabilities: [[1]], key: key)
  },
  "stochasticBlockModel: probabilities 0.5 and 0.25 between blocks 0 and 1; they have to be equal and in 0 ... 1": {
    _ = Graph.stochasticBlockModel(sizes: [1, 1], probabilities: [[0.5, 0.5], [0.25, 0.5]], key: key)
  },
  "stochasticBlockModel: probabilities 1.5 and 1.5 between blocks 0 and 0; they have to be equal and in 0 ... 1": {
    _ = Graph.erdosRenyi(3, probability: 1.5, key: key)
  },
  "barabasiAlbert: 3 edges for each of 3 nodes; there have to be at least 1 and fewer than nodes": {
    _ = Graph.barabasiAlbert(3, attachments: 3, key: key)
  },
  "plantedMotifs: 1 copies in a base of 0 nodes; there have to be at least 0 and 1": {
    _ = SyntheticTasks.plantedMotifs(SyntheticTasks.house, count: 1, in: .path(0), key: key)
  },
  "ringCounting: 0...2 rings of 2...6 nodes on trees of 4...12; there have to be at least 0, 3 and 1": {
    _ = SyntheticTasks.ringCounting(count: 1, ringSizes: 2...6, key: key)
  },
  "particleTracks: -1 particles in 6 layers; there cannot be fewer than 0": {
    _ = SyntheticTasks.particleTracks(particles: -1, key: key)
  },
  "indoorPositions: -1 phones and 12 access points; there have to be at least 0 and 3": {
    _ = SyntheticTasks.indoorPositions(count: -1, key: key)
  },
  "adjacencyTable: 2 names for 3 nodes": { _ = triangle.adjacencyTable(["A", "B"]) },
  "CitationGraph: -1 is not a number of features; it lies in 0 ... 2147483647": {
    _ = try? CitationGraph(folder: "/nowhere", featureCount: -1)
  },
  "EdgeList: -1 is not a number of nodes; it lies in 0 ... 2147483647": {
    _ = try? EdgeList(file: "/dev/null", nodes: .numbers(count: -1))
  },
  "nearest: points of shape [3]; they are [N, D]": { _ = Graph(nearest: 1, among: [1, 2, 3]) },
  "nearest: -1 neighbours; there cannot be fewer than 0": { _ = Graph(nearest: -1, among: [[1], [2]]) },
  "degree: a largest degree of -1; it must not be negative": { _ = NodeFeatures.degree(triangle, oneHotUpTo: -1) },
  "Column.gatherRows: index 3 at row 1 is outside 0 ..< 3": { _ = Column.labels([4, 5, 6]).gatherRows([2, 3]) },
  "edge column w: labels, 1 rows for 6 edges": {
    var graph = AttributedGraph(triangle)
    graph.edges["w"] = .labels([1])
  },
  "no global column z of whole numbers; there are: none": { _ = AttributedGraph(triangle).global.indices("z") },
  "GraphBatch: graph 1 is bipartite, unlike the first": {
    _ = (try? Graph(sourceCount: 2, targetCount: 1, edges: [])).map { GraphBatch([triangle, $0]) }
  },
  "GraphBatch: 2147483648 rows exceed 31 bits": {
    var graph = AttributedGraph(triangle)
    graph.global["u"] = .values(Tensor(zeros: [1 << 30, 0]))
    _ = GraphBatch([graph, graph])
  },
  "GraphBatch: global column y has 3 rows for 2 graphs": {
    var batch = GraphBatch([triangle, triangle])
    batch.joined.global["y"] = .labels([1, 2, 3])
    _ = batch[0]
  },
  "neighbourhood: node 3 at row 1 is outside 0 ..< 3": { _ = triangle.neighbourhood(of: [0, 3], hops: 1) },
  "neighbourhood: node 1 at row 2 is named twice": { _ = triangle.neighbourhood(of: [1, 0, 1], hops: 1) },
  "hopDistances: node 8 is outside 0 ..< 3": { _ = triangle.hopDistances(to: 8) },
  "computationTree: node 3 is outside 0 ..< 3": { _ = triangle.computationTree(of: 3, depth: 1) },
  "computationTreeSizes: a depth of -1; it must not be negative": { _ = triangle.computationTreeSizes(depth: -1) },
  "ClusterAgreement: class -1 at row 1 is outside 0 ..< 1": {
    _ = ClusterAgreement(clusters: [0, 0], classes: [0, -1])
  },
  "modularity: community -1 at row 0 is outside 0 ..< 2": { _ = triangle.modularity(of: [-1, 0, 1]) },
  "modularity: 1 communities for the nodes of Graph(2 sources, 1 targets, 0 directed edges); there is one for each node of one kind":
    {
      _ = (try? Graph(sourceCount: 2, targetCount: 1, edges: []))?.modularity(of: [0])
    },
  "NodeSplit: fractions 0.5 and 0.75; they must not be negative or exceed 1 together": {
    _ = NodeSplit(count: 4, validation: 0.5, test: 0.75, key: key)
  },
  "mask: node 3 at row 1 is outside 0 ..< 3": { _ = NodeSplit.mask([0, 3], count: 3) },
  "LinkSplit: fractions 0.5 and 0.75; they must not be negative or exceed 1 together": {
    _ = try? LinkSplit(triangle, validation: 0.5, test: 0.75, key: key)
  },
  "LinkSplit: the fraction -0.5 held back is outside 0 ... 1": {
    _ = try? LinkSplit(triangle, heldBack: -0.5, key: key)
  },
  "LinkSplit: -1 negatives for each positive; there cannot be fewer than 0": {
    _ = try? LinkSplit(triangle, negativesPerPositive: -1, key: key)
  },
  "NonEdges: rank 1 is outside 0 ..< 1": { _ = Graph.NonEdges(of: .path(3), isUndirected: true)[1] },
  "negativeTargets: node 3 at row 0 is outside 0 ..< 3": {
    _ = try? triangle.negativeTargets(for: [3], perSource: 1, key: key)
  },
  "Folds: folds are numbered from 0, not -2": { _ = Folds([0, -2, -1]) },
  "Folds: 0 folds; there has to be at least 1": { _ = Folds(exampleCount: 3, count: 0, key: key) },
  "Folds: 2 folds leave none to train on; there have to be at least 3": {
    _ = Folds([0, 1]).split(testing: 0, hasValidation: true)
  },
  "NeighbourLoader: a batch of 0 seeds; there has to be at least 1": {
    _ = NeighbourLoader(AttributedGraph(triangle), batchSize: 0, fanOuts: [nil], key: key)
  },
  "NeighbourSampler: seed 3 at row 1 is outside 0 ..< 3": {
    _ = NeighbourSampler(triangle, fanOuts: [nil]).sample([0, 3], key: key)
  },
  "randomWalks: -1 steps; there cannot be fewer than 0": { _ = triangle.randomWalks(from: [0], length: -1, key: key) },
  "randomWalks: node 3 at row 1 is outside 0 ..< 3": { _ = triangle.randomWalks(from: [0, 3], length: 1, key: key) },
  "NodePairs: walks of 2 steps and a window of 0; they have to be at least 0 and 1": {
    _ = NodePairs(visitedTogetherBy: [0, 1, 2], length: 2, window: 0)
  },
  "NodePairs: 4 nodes are not walks of 2 steps, 3 nodes each": {
    _ = NodePairs(visitedTogetherBy: [0, 1, 2, 0], length: 2, window: 1)
  },
]

/// Mistakes with a graph whose sources and targets are two kinds of nodes, by the operation that has no such form.
let mistakesWithKindsOfNodes: [String: @Sendable () -> Void] = {
  let operations: [String: @Sendable (Graph) -> Void] = [
    "adjacencyTable": { _ = $0.adjacencyTable() },
    "appendingSelfLoops": { _ = $0.appendingSelfLoops() },
    "removingSelfLoops": { _ = $0.removingSelfLoops() },
    "undirected": { _ = $0.undirected() },
    "symmetricWeights": { _ = $0.sum($0.symmetricWeights * .source([1, 2])) },
    "shift": { _ = $0.shift(.adjacency) },
    "subgraph": { _ = $0.subgraph(of: [0]) },
    "permuted": { _ = $0.permuted([0, 1, 2]) },
    "neighbourhood": { _ = $0.neighbourhood(of: [0], hops: 1) },
    "hopDistances": { _ = $0.hopDistances(from: 0) },
    "components": { _ = $0.components },
    "homophily": { _ = $0.homophily([0, 0, 0]) },
    "isolatedNodes": { _ = $0.isolatedNodes },
    "computationTreeSizes": { _ = $0.computationTreeSizes(depth: 1) },
    "NonEdges": { _ = Graph.NonEdges(of: $0, isUndirected: false) },
    "negativeTargets": { _ = try? $0.negativeTargets(for: [0], perSource: 1, key: key) },
    "NeighbourSampler": { _ = NeighbourSampler($0, fanOuts: [1]) },
    "randomWalks": { _ = $0.randomWalks(from: [0], length: 1, key: key) },
  ]
  return Dictionary(
    uniqueKeysWithValues: operations.map { name, operation in
      let sentence = "\(name): a bipartite graph of 2 sources and 3 targets has no such form"
      return (sentence, { _ = (try? Graph(sourceCount: 2, targetCount: 3, edges: [(0, 1)])).map(operation) })
    })
}()
