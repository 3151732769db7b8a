import Adjoint
import ArgumentParser

/// A network for nodes with sparse features, and how it is trained.
struct Recipe {
  enum Name: String, CaseIterable, ExpressibleByArgument {
    case gcn, gat, sage, sgc
    case sageMax = "sage-max"
  }

  /// The network.
  let layer: any Layer
  /// The logits of every node; without a key nothing is dropped.
  let logits: (SparseMatrix, Graph, RandomKey?) -> Variable
  /// What makes the steps.
  let optimizer: any Optimizer
  /// The most steps, and how many in a row may be no better on the validation nodes.
  let epochs: Int, patience: Int

  /// A network with the settings of its paper.
  ///
  /// - Parameters:
  ///   - name: Which one.
  ///   - inputs: The number of features.
  ///   - classes: The number of classes.
  ///   - key: The place in the random sequence.
  init(_ name: Name, inputs: Int, classes: Int, key: RandomKey) {
    switch name {
    case .gcn:
      // Kipf & Welling 2017, section 5.2: only the first layer's weights decay.
      let model = GCN(inputs, hidden: 16, classes: classes, key: key)
      (layer, logits) = (model, { model($0, on: $1, key: $2) })
      optimizer = ParameterGroups([
        ("hidden.*", Adam(learningRate: 0.01, weightDecay: 5e-4)), ("*", Adam(learningRate: 0.01)),
      ])
      (epochs, patience) = (400, 100)
    case .gat:
      // Veličković et al. 2018, section 3.3: 8 heads of 8 features, and half a minute of patience.
      let model = GAT(inputs, classes: classes, key: key)
      (layer, logits) = (model, { model($0, on: $1, key: $2) })
      (optimizer, epochs, patience) = (Adam(learningRate: 0.005, weightDecay: 5e-4), 1000, 100)
    case .sage:
      let model = GraphSAGE([inputs, 64, classes], key: key)
      (layer, logits) = (model, { model($0, on: $1, key: $2) })
      (optimizer, epochs, patience) = (Adam(learningRate: 0.01, weightDecay: 5e-4), 400, 100)
    case .sgc:
      // Wu et al. 2019, section 6.1: a large step, and a small weight decay, which the paper sweeps.
      let model = SGConv(inputs, classes, key: key)
      (layer, logits) = (model, { x, graph, _ in model(x, on: graph) })
      (optimizer, epochs, patience) = (Adam(learningRate: 0.2, weightDecay: 2e-5), 100, 100)
    case .sageMax:
      let model = SAGEConv(inputs, classes, aggregation: .max, key: key)
      (layer, logits) = (model, { x, graph, _ in model(x.dense(), on: graph) })
      (optimizer, epochs, patience) = (Adam(learningRate: 0.01, weightDecay: 5e-4), 100, 100)
    }
  }
}
