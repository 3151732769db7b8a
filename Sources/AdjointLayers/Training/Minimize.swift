/// Changes parameters until a loss is small: the loop that every other one is a longer form of.
///
///     minΘ L(Θ)          for t = 0 ..< steps: compute L and its gradient, then update
///
///     let history = minimize(model.parameters, with: Adam(), steps: 200) { squaredError(model(x), y) }
///
/// - Parameters:
///   - parameters: The parameters Θ, as ``Layer/parameters`` lists them.
///   - optimizer: What updates them.
///   - steps: The number of updates, from 0.
///   - schedule: The learning rate of every step; the optimizer's own if left out.
///   - tolerance: The loop ends early at a step where the norm of the gradient is at most this; never, if negative.
///   - loss: Computes the loss, a variable with one element.
/// - Returns: The loss before every update, in their order.
@discardableResult
public func minimize(
  _ parameters: [(path: String, parameter: Parameter)], with optimizer: any Optimizer, steps: Int,
  schedule: Schedule? = nil, stoppingAtGradient tolerance: Double = -1, _ loss: () throws -> Variable
) rethrows -> [Double] {
  require(steps >= 0, "minimize: \(steps) is no number of steps")
  var history: [Double] = []
  for step in 0..<steps {
    let (value, gradients) = try valueWithGradients(loss)
    history.append(value.item())
    if tolerance >= 0, gradients.norm() <= tolerance { break }
    if let schedule { optimizer.learningRate = schedule(step) }
    optimizer.update(parameters, with: gradients)
  }
  return history
}

/// Fits a model to examples: empirical risk minimisation by epochs of minibatches.
///
///     minΘ 1/n Σ L(Θ; example)
///
///     let history = fit(model, to: loader, with: Adam(), epochs: 20) { x, labels in
///       softmaxCrossEntropy(logits: model(Variable(x)), labels)
///     }
///
/// Examples without targets, as in unsupervised learning, are a loader of one array.
///
/// - Parameters:
///   - model: The model.
///   - loader: The batches.
///   - optimizer: What updates the model.
///   - epochs: How many times to go through the examples, from 0.
///   - schedule: The learning rate of every epoch, the loader's first epoch being 0; the optimizer's own if left out.
///   - loss: Computes the mean loss of a batch.
/// - Returns: For every epoch the mean of the losses of its batches; 0 without batches.
@discardableResult
public func fit<Batch>(
  _ model: some Layer, to loader: DataLoader<Batch>, with optimizer: any Optimizer, epochs: Int,
  schedule: Schedule? = nil, _ loss: (Batch) throws -> Variable
) rethrows -> [Double] {
  require(epochs >= 0, "fit: \(epochs) is no number of epochs")
  let parameters = model.parameters
  return try (0..<epochs).map { _ in
    if let schedule { optimizer.learningRate = schedule(loader.epoch) }
    var (sum, batches) = (0.0, 0)
    for batch in loader {
      let (value, gradients) = try valueWithGradients { try loss(batch) }
      optimizer.update(parameters, with: gradients)
      (sum, batches) = (sum + value.item(), batches + 1)
    }
    return batches == 0 ? 0 : sum / Double(batches)
  }
}
