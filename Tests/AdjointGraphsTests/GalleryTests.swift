import AdjointGraphs
import Testing

private let key = RandomKey(seed: 45)

/// Small tasks from fields whose data are no grids: people and things, networks, molecules, surfaces.
@Suite struct `Graph networks learn` {
  // 004-01: recommender systems.
  @Test func `which films a user has not seen yet but would like`() throws {
    // Users and films of two tastes; of the films of one's taste, two thirds are known to be liked.
    var known: [(Int, Int)] = [], wanted: [(Int, Int)] = []
    for user in 0..<16 {
      for (place, film) in key.stream(user).permutation(9).enumerated() {
        let film = 9 * (user % 2) + film
        if place < 6 { known.append((user, film)) } else { wanted.append((user, film)) }
      }
    }
    let likes = try Graph(sourceCount: 16, targetCount: 18, edges: known), likedBy = likes.reversed()
    let users = Parameter(Tensor(normal: [16, 6], key: key.stream(20)))
    let films = Parameter(Tensor(normal: [18, 6], key: key.stream(21)))
    let (toFilms, toUsers) = (SAGEConv(6, 6, key: key.stream(22)), SAGEConv(6, 6, key: key.stream(23)))
    func scores() -> Variable {
      let (u, f) = (users.wrappedValue, films.wrappedValue)
      return matmul(
        toUsers(sources: f, targets: u, on: likedBy), toFilms(sources: u, targets: f, on: likes),
        transposingRight: true)
    }
    var target = Tensor(zeros: [16, 18])
    for (user, film) in known { target[user, film] = 1 }
    let optimizer = Adam(learningRate: 0.03)
    for _ in 0..<30 {
      let gradients = valueWithGradients { binaryCrossEntropy(logits: scores(), Variable(target)) }.gradients
      optimizer.update(
        toFilms.parameters + toUsers.parameters + [("users", users), ("films", films)], with: gradients)
    }
    let truths = IndexArray(wanted.map(\.1)), found = scores().value.gatherRows(IndexArray(wanted.map(\.0)))
    let liked = wanted.map { user, _ in known.filter { $0.0 == user }.map(\.1) + wanted.filter { $0.0 == user }.map(\.1)
    }
    let ranks = Ranks(scores: found, truths: truths, filtered: liked)
    // Without a known or wanted film, nine of the other taste are left to be beaten.
    #expect(ranks.hits(at: 1) > 0.8, "hits at 1: \(ranks.hits(at: 1))")
  }

  // 004-01: network science.
  @Test func `the communities of a network`() {
    let (graph, truth) = Graph.stochasticBlockModel(
      sizes: [25, 25], probabilities: [[0.4, 0.03], [0.03, 0.4]], key: key)
    let smooth = SGConv(50, 6, hops: 3, key: key.stream(1))
    let embedding = smooth(Variable(Tensor.eye(50)), on: graph).value
    let clusters = KMeans(embedding, clusters: 2, key: key.stream(2)).assignments
    #expect(ClusterAgreement(clusters: clusters, classes: truth).normalizedMutualInformation > 0.8)
  }

  // 004-01: biology.
  @Test func `how many rings a molecule has`() throws {
    let molecules = SyntheticTasks.ringCounting(count: 80, rings: 0...1, key: key)
    func batch(_ part: ArraySlice<AttributedGraph>) -> GraphBatch { GraphBatch(Array(part)) }
    let (train, test) = (batch(molecules.prefix(60)), batch(molecules.suffix(20)))
    let model = GINClassifier(1, hidden: 8, layers: 3, classes: 2, dropout: 0, key: key.stream(1))
    let optimizer = Adam(learningRate: 0.02)
    func logits(_ graphs: GraphBatch, _ key: RandomKey?) -> Variable {
      model(Variable(graphs.nodes.values("x")), on: graphs, key: key)
    }
    for _ in 0..<40 {
      let gradients = valueWithGradients {
        softmaxCrossEntropy(logits: logits(train, key), train.global.indices("y"))
      }.gradients
      optimizer.update(model, with: gradients)
    }
    let found = try accuracy(logits: logits(test, nil).value, test.global.indices("y"))
    #expect(found > 0.8, "accuracy \(found)")
  }

  // 004-01: manifolds.
  @Test func `which surface points were drawn from`() throws {
    // Forty points of a sphere or of a torus in random position; a point's neighbours are the nearest ones.
    func cloud(_ number: Int) -> Tensor {
      let key = key.stream(number), directions = Variable(Tensor(normal: [40, 3], key: key.stream(0)))
      let sphere = directions / directions.norm(along: 1, keepingAxes: true)
      if number % 2 == 0 { return sphere.value }
      let (angles, tube) = (directions.slice(0..<2, along: 1), sphere.slice(2..<3, along: 1))
      let ring = angles / angles.norm(along: 1, keepingAxes: true)
      let out = 0.7 + 0.3 * sqrt(max(1 - square(tube), 0))
      return concatenate(ring * out, 0.3 * tube).value
    }
    let clouds = (0..<36).map { number -> AttributedGraph in
      let points = cloud(number)
      var graph = AttributedGraph(Graph(nearest: 6, among: points))
      graph.nodes["x"] = .values(points)
      graph.global["y"] = .labels([number % 2])
      return graph
    }
    let (train, test) = (GraphBatch(Array(clouds.prefix(24))), GraphBatch(Array(clouds.suffix(12))))
    let edges = EdgeConv(MLP([6, 12, 12], key: key.stream(50)), reduction: .max),
      head = Linear(12, 2, key: key.stream(51))
    func logits(_ graphs: GraphBatch) -> Variable {
      head(graphs.readout(relu(edges(Variable(graphs.nodes.values("x")), on: graphs.graph)), by: .mean))
    }
    let optimizer = Adam(learningRate: 0.02)
    for _ in 0..<30 {
      let gradients = valueWithGradients {
        softmaxCrossEntropy(logits: logits(train), train.global.indices("y"))
      }.gradients
      optimizer.update(edges.parameters + head.parameters, with: gradients)
    }
    let found = try accuracy(logits: logits(test).value, test.global.indices("y"))
    #expect(found > 0.8, "accuracy \(found)")
  }
}
