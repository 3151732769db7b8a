import AdjointGraphs
import Testing

private let key = RandomKey(seed: 21)

@Suite struct `The variational graph autoencoder` {
  @Test(arguments: [1, 2]) func `has the right gradients`(order: Int) throws {
    let graph = try Graph(nodeCount: 4, undirected: [(0, 1), (1, 2)])
    withDefaultDType(.float64) {
      let model = VariationalGraphAutoencoder(3, hidden: 4, latent: 2, key: key)
      let report = checkGradients(
        of: { x in
          let latent = model(x, on: graph)
          return reconstructionLoss(
            DotDecoder(), latent.sample(key: key.stream(1)), edges: NodePairs([(0, 1), (1, 2)]),
            nonEdges: NodePairs([(0, 3)])) + latent.divergence / 4
        }, at: Tensor(normal: [4, 3], key: key.stream(2)), order: order)
      #expect(report.passes, "\(report)")
    }
  }

  @Test func `embeds sparse features as it does dense ones`() throws {
    let graph = try Graph(nodeCount: 3, undirected: [(0, 1)])
    withDefaultDType(.float64) {
      let model = VariationalGraphAutoencoder(2, hidden: 3, latent: 2, key: key)
      let x: Tensor = [[1, 0], [0, 2], [0, 0]]
      let dense = model(Variable(x), on: graph), sparse = model(SparseMatrix(x), on: graph)
      #expect(abs(dense.mean.value - sparse.mean.value).max().item() <= 1e-14)
      #expect(abs(dense.logDeviation.value - sparse.logDeviation.value).max().item() <= 1e-14)
    }
  }

  @Test func `of no nodes has empty distributions`() throws {
    let graph = try Graph(nodeCount: 0, edges: [])
    let latent = VariationalGraphAutoencoder(2, hidden: 3, latent: 2, key: key)(
      Variable(Tensor(zeros: [0, 2])), on: graph)
    #expect(latent.sample(key: key).shape == [0, 2])
  }
}

@Suite struct `A latent normal distribution` {
  @Test func `that is the prior has no divergence, and its features have collapsed`() {
    let latent = LatentNormal(mean: Variable(Tensor(zeros: [5, 2])), logDeviation: Variable(Tensor(zeros: [5, 2])))
    #expect(latent.divergence.item() == 0)
    #expect(latent.collapsedFeatures() == [0, 1])
  }

  @Test func `diverges by its formula`() {
    let latent = LatentNormal(mean: [[1, 0]], logDeviation: [[0, 0.5]])
    // ½ (1 + 1 − 1 − 0) + ½ (0 + e − 1 − 1)
    #expect(abs(latent.divergence.item() - (0.5 + 0.5 * (2.718281828 - 2))) < 1e-6)
    #expect(latent.collapsedFeatures() == [])
  }

  @Test func `has samples with its mean and deviation`() {
    let n = 20_000
    let latent = LatentNormal(
      mean: Variable(Tensor(repeating: 2, shape: [n, 1])), logDeviation: Variable(Tensor(repeating: -1, shape: [n, 1])))
    let z = latent.sample(key: key)
    // Five standard errors of the mean and of the deviation.
    #expect(abs(z.mean().item() - 2) < 5 * 0.368 / Double(n).squareRoot())
    #expect(abs(z.standardDeviation().item() - 0.36788) < 5 * 0.368 / Double(2 * n).squareRoot())
  }
}
