import Adjoint
import BenchmarkData
import Foundation

/// Training steps of graph networks other than the GCN: on Cora, on a graph of the size of ogbn-arxiv, and on MUTAG.
let graphModels = [
  coraCase("gat_cora", learningRate: 0.005) { inputs, classes, key in
    let model = GAT(inputs, classes: classes, key: key)
    return (model, { model($0, on: $1, key: $2) })
  },
  coraCase("sage_cora") { inputs, classes, key in
    let model = GraphSAGE([inputs, 16, classes], key: key)
    return (model, { model($0, on: $1, key: $2) })
  },
  coraCase("gin_cora") { inputs, classes, key in
    let model = GIN([inputs, 16, classes], key: key)
    return (model, { model($0, on: $1, key: $2) })
  },
  coraCase("cheb_cora") { inputs, classes, key in
    let model = ChebNet([inputs, 16, classes], key: key)
    return (model, { model($0, on: $1, key: $2) })
  },
  arxivCase("sage_arxiv") { key in
    let model = GraphSAGE([128, 256, 256, 40], dropout: 0, key: key)
    return (model, { model($0, on: $1) })
  },
  arxivCase("gat_arxiv") { key in
    let model = GAT(128, hidden: 16, heads: 4, classes: 40, dropout: 0, key: key)
    return (model, { model($0, on: $1) })
  },

  Case(name: "sage_sampled_arxiv") { stopwatch in
    var whole = AttributedGraph(ArxivGraph.make())
    whole.nodes["x"] = .values(features(13, [ArxivGraph.nodeCount, 128]))
    whole.nodes["y"] = .labels(IndexArray(integers(14, ArxivGraph.nodeCount, below: 40)))
    let loader = NeighbourLoader(whole, batchSize: 1024, fanOuts: [10, 5], key: RandomKey(seed: 0))
    let model = GraphSAGE([128, 256, 40], dropout: 0, key: RandomKey(seed: 0)), optimizer = Adam(learningRate: 0.003)
    var epoch = 0, batches = loader.epoch(0).makeIterator(), edges = 0, sampling: [Double] = []
    func nextBatch() -> MiniBatch {
      while true {
        if let batch = batches.next() { return batch }
        epoch += 1
        batches = loader.epoch(epoch).makeIterator()
      }
    }
    stopwatch.measure(
      "sage_sampled_arxiv",
      extra: { milliseconds in
        [
          ("sample_ms", .rounded(median(sampling))),
          ("epoch_seconds", .rounded(milliseconds * Double(loader.batchCount) / 1e3)),
          ("edges_per_batch", .integer(edges / sampling.count)),
        ]
      }
    ) {
      let start = ContinuousClock.now
      let batch = nextBatch()
      sampling.append((ContinuousClock.now - start).seconds * 1e3)
      edges += batch.graph.edgeCount
      let (loss, gradients) = valueWithGradients {
        let logits = model(Variable(batch.part.nodes.values("x")), on: batch.blocks)
        return softmaxCrossEntropy(logits: logits, IndexArray(batch.part.nodes.indices("y").prefix(batch.seedCount)))
      }
      optimizer.update(model, with: gradients)
      return loss.item()
    }
  },

  Case(name: "mutag_gin") { stopwatch in
    let molecules = try GraphCollection(
      folder: "\(dataFolder(stopwatch.options, holding: "mutag"))/mutag", name: "MUTAG")
    let inputs = stride(from: 0, to: molecules.graphs.count, by: 32).map { start in
      let range = start..<min(start + 32, molecules.graphs.count), batch = GraphBatch(Array(molecules.graphs[range]))
      return (
        x: Variable(batch.nodes.values("x")), labels: IndexArray(range.map { molecules.labels[$0] }), batch: batch
      )
    }
    let model = GINClassifier(
      7, hidden: 32, layers: 3, classes: 2, isNormalized: false, readsEveryLayer: false, dropout: 0,
      key: RandomKey(seed: 0))
    let optimizer = Adam(learningRate: 0.01)
    stopwatch.measure("mutag_gin", extra: { _ in [("graphs", .integer(molecules.graphs.count))] }) {
      var last = 0.0
      for input in inputs {
        let (loss, gradients) = valueWithGradients {
          softmaxCrossEntropy(logits: model(input.x, on: input.batch), input.labels)
        }
        optimizer.update(model, with: gradients)
        last = loss.item()
      }
      return last
    }
  },
]

/// A model, and its logits from features, a graph and a place in the random sequence for dropout.
private typealias CoraModel = (
  layer: any Layer, logits: (SparseMatrix, Graph, RandomKey) -> Variable
)

/// A step on all training nodes of Cora with sparse features.
private func coraCase(
  _ name: String, learningRate: Double = 0.01,
  _ make: @escaping @Sendable (_ inputs: Int, _ classes: Int, RandomKey) -> CoraModel
) -> Case {
  Case(name: name) { stopwatch in
    let cora = try loadCora(stopwatch.options), x = cora.features.rowNormalized(), train = cora.train
    let labels = IndexArray(train.map { cora.labels[$0] }), key = RandomKey(seed: 0)
    let model = make(x.shape[1], cora.classCount, key)
    let optimizer = Adam(learningRate: learningRate, weightDecay: 5e-4)
    var stepsDone = 0
    stopwatch.measure(
      name, extra: { _ in [("nodes", .integer(cora.graph.nodeCount)), ("edges", .integer(cora.graph.edgeCount))] }
    ) {
      stepsDone += 1
      let (loss, gradients) = valueWithGradients {
        softmaxCrossEntropy(logits: model.logits(x, cora.graph, key.stream(stepsDone)).gatherRows(train), labels)
      }
      update(model.layer, with: gradients, by: optimizer)
      return loss.item()
    }
  }
}

/// A step on all nodes of a graph of the size of ogbn-arxiv.
private func arxivCase(
  _ name: String, _ make: @escaping @Sendable (RandomKey) -> (layer: any Layer, logits: (Variable, Graph) -> Variable)
) -> Case {
  Case(name: name) { stopwatch in
    let graph = ArxivGraph.make(), x = Variable(features(13, [ArxivGraph.nodeCount, 128]))
    let labels = IndexArray(integers(14, ArxivGraph.nodeCount, below: 40))
    let model = make(RandomKey(seed: 0)), optimizer = Adam(learningRate: 0.01)
    stopwatch.measure(
      name, warmUp: 2,
      extra: { _ in [("nodes", .integer(graph.nodeCount)), ("edges", .integer(graph.edgeCount))] }
    ) {
      let (loss, gradients) = valueWithGradients { softmaxCrossEntropy(logits: model.logits(x, graph), labels) }
      update(model.layer, with: gradients, by: optimizer)
      return loss.item()
    }
  }
}

private func update(_ layer: some Layer, with gradients: Gradients, by optimizer: Adam) {
  optimizer.update(layer, with: gradients)
}
