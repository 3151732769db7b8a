import Adjoint

/// Trains a network on a citation graph, chooses its weights on the validation nodes and tests them once.
struct Trainer {
  private let papers: CitationGraph
  private let x: SparseMatrix
  private let trainLabels: IndexArray
  private let recipe: Recipe
  private let key: RandomKey

  /// The accuracies of the chosen weights, the step that made them, and the number of steps.
  struct Result {
    let validation: Double, test: Double
    let bestStep: Int, steps: Int
  }

  init(_ papers: CitationGraph, _ name: Recipe.Name, key: RandomKey) {
    (self.papers, self.key) = (papers, key.stream(1))
    x = papers.features.rowNormalized()
    trainLabels = papers.labels.examples(papers.train)
    recipe = Recipe(name, inputs: x.shape[1], classes: papers.classCount, key: key.stream(0))
  }

  /// Trains until the loss on the validation nodes no longer falls.
  ///
  /// - Parameter epochs: The most steps; those of the recipe if left out.
  /// - Returns: How the best weights do.
  /// - Throws: ``MetricError`` for a split without nodes.
  func train(epochs: Int?) throws -> Result {
    var stopping = EarlyStopping(recipe.layer, patience: recipe.patience)
    var (bestStep, steps) = (0, 0)
    for step in 1...(epochs ?? recipe.epochs) {
      let gradients = valueWithGradients {
        softmaxCrossEntropy(
          logits: recipe.logits(x, papers.graph, key.stream(step)).gatherRows(papers.train), trainLabels)
      }.gradients
      recipe.optimizer.update(recipe.layer.parameters, with: gradients)
      steps = step
      let before = stopping.best
      if stopping.shouldStop(after: validationLoss()) { break }
      if stopping.best != before { bestStep = step }
    }
    stopping.restoreBestWeights()
    return Result(
      validation: try accuracy(on: papers.validation), test: try accuracy(on: papers.test), bestStep: bestStep,
      steps: steps)
  }

  private func logits(of nodes: IndexArray) -> Variable { recipe.logits(x, papers.graph, nil).gatherRows(nodes) }

  private func validationLoss() -> Double {
    softmaxCrossEntropy(logits: logits(of: papers.validation), papers.labels.examples(papers.validation)).item()
  }

  private func accuracy(on nodes: IndexArray) throws -> Double {
    try Adjoint.accuracy(logits: logits(of: nodes).value, papers.labels.examples(nodes))
  }
}
