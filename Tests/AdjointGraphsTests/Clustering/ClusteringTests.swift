import AdjointGraphs
import Testing

private let key = RandomKey(seed: 5)

@Suite struct `k-means` {
  @Test(arguments: [DType.float32, .float64]) func `finds groups that lie apart`(_ dtype: DType) {
    let noise = Tensor(normal: [60, 2], standardDeviation: 0.1, key: key, dtype: dtype)
    let corners = Tensor([0, 0, 5, 0, 0, 5], shape: [3, 2], dtype: dtype)
    let classes = IndexArray((0..<60).map { $0 % 3 })
    let found = KMeans(Variable(corners).gatherRows(classes).value + noise, clusters: 3, key: key)
    #expect(ClusterAgreement(clusters: found.assignments, classes: classes).adjustedRandIndex == 1)
    #expect(found.inertia < 60 * 2 * 0.02)
  }

  @Test func `with a cluster for each point has no inertia`() {
    let found = KMeans([[0, 0], [1, 0], [0, 1], [4, 4]], clusters: 4, key: key)
    #expect(found.inertia == 0)
    #expect(Set(found.assignments).count == 4)
  }

  @Test func `tells points apart that lie far from the origin`() {
    let points = Tensor([0, 1, 10, 11].map { 1.7e9 + $0 }, shape: [4, 1], dtype: .float64)
    let found = KMeans(points, clusters: 2, key: key)
    #expect(found.inertia == 1 && found.assignments[0] == found.assignments[1])
    #expect(Set(found.centres.scalars(as: Double.self)) == [1.7e9 + 0.5, 1.7e9 + 10.5])
  }

  @Test func `with one cluster finds the mean`() {
    let found = KMeans([[0, 0], [1, 0], [2, 3]], clusters: 1, key: key)
    #expect(found.centres == Tensor([1, 1], shape: [1, 2], dtype: .float64))
    #expect(found.inertia == 8)
  }

  @Test func `copes with fewer different points than clusters`() {
    let found = KMeans([[1, 1], [1, 1], [1, 1]], clusters: 2, key: key)
    #expect(found.inertia == 0)
  }

  @Test func `gives the same clusters for the same key`() {
    let points = Tensor(normal: [40, 3], key: key)
    #expect(KMeans(points, clusters: 5, key: key).assignments == KMeans(points, clusters: 5, key: key).assignments)
  }

  @Test func `never gets worse with more rounds`() {
    let points = Tensor(normal: [50, 2], key: key)
    let inertias = [0, 1, 2, 5, 100].map { KMeans(points, clusters: 4, starts: 1, iterations: $0, key: key).inertia }
    #expect(zip(inertias, inertias.dropFirst()).allSatisfy { $0 >= $1 })
  }
}

@Suite struct `Agreement of clusters and classes` {
  @Test func `is perfect under other names`() {
    let agreement = ClusterAgreement(clusters: [2, 2, 0, 0, 1], classes: [0, 0, 1, 1, 2])
    #expect(abs(agreement.normalizedMutualInformation - 1) < 1e-12)
    #expect(agreement.adjustedRandIndex == 1)
  }

  @Test func `has the values that scikit-learn 1.9 computes`() {
    // normalized_mutual_info_score, homogeneity_score, completeness_score and adjusted_rand_score of these labels.
    let agreement = ClusterAgreement(clusters: [0, 0, 1, 1, 1, 1, 1, 2], classes: [0, 0, 0, 1, 1, 1, 2, 2])
    #expect(abs(agreement.normalizedMutualInformation - 0.4925986063135096) < 1e-9)
    #expect(abs(agreement.homogeneity - 0.45119059307194165) < 1e-9)
    #expect(abs(agreement.completeness - 0.5423750746578964) < 1e-9)
    #expect(abs(agreement.adjustedRandIndex - 0.2) < 1e-9)
  }

  @Test func `of one group with several classes is nothing`() {
    let agreement = ClusterAgreement(clusters: [0, 0, 0, 0], classes: [0, 1, 0, 1])
    #expect(agreement.normalizedMutualInformation == 0)
    #expect(agreement.homogeneity == 0 && agreement.completeness == 1)
    #expect(agreement.adjustedRandIndex == 0)
  }

  @Test func `of nothing is perfect`() {
    let agreement = ClusterAgreement(clusters: [], classes: [])
    #expect(agreement.normalizedMutualInformation == 1)
  }
}

@Suite struct `Modularity` {
  @Test func `of the karate club's factions is that of networkx`() {
    #expect(abs(KarateClub.graph.modularity(of: KarateClub.labels) - 0.3582347140039448) < 1e-9)
  }

  @Test func `of one community is 0, and so is that of a graph without edges`() throws {
    let ring = try Graph(nodeCount: 4, undirected: [(0, 1), (1, 2), (2, 3), (3, 0)])
    #expect(ring.modularity(of: [0, 0, 0, 0]) == 0)
    #expect(try Graph(nodeCount: 3, edges: []).modularity(of: [0, 1, 2]) == 0)
  }

  @Test func `of two separate cliques is one half`() throws {
    let graph = try Graph(nodeCount: 6, undirected: [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)])
    #expect(abs(graph.modularity(of: [0, 0, 0, 1, 1, 1]) - 0.5) < 1e-12)
  }
}

@Suite struct `The principal axes of points` {
  @Test func `are the directions in which they vary most`() {
    // Along (3, 4, 0) / 5 with a variance of 8, across it, along (−4, 3, 0) / 5, with 0.5, and not along the third axis.
    let points = [(4, 0), (-4, 0), (0, 1), (0, -1)].map { (along: Double, across: Double) in
      [7 + 0.6 * along - 0.8 * across, -2 + 0.8 * along + 0.6 * across, 5]
    }
    let axes = PrincipalAxes(of: Tensor(points.flatMap { $0 }, shape: [4, 3], dtype: .float64))
    let expected = Tensor([4, 0, 4, 0, 0, 1, 0, 1], shape: [4, 2], dtype: .float64)
    #expect(abs(abs(axes.coordinates) - expected).max().item() < 1e-12)
    #expect(axes.coordinates[0, 0] * axes.coordinates[1, 0] < 0 && axes.coordinates[2, 1] * axes.coordinates[3, 1] < 0)
    #expect(Swift.abs(axes.shares[0] - 16 / 17) < 1e-12 && Swift.abs(axes.shares[1] - 1 / 17) < 1e-12)
  }

  @Test func `of points that are all the same have no share`() {
    let axes = PrincipalAxes(of: Tensor(ones: [3, 2]))
    #expect(axes.shares == [0, 0] && axes.coordinates == Tensor(zeros: [3, 2]))
  }
}
