/// Minimises a loss: as many steps of an optimizer.
///
///     min L(θ):   θ = θ − step(∇L(θ))
///
///     let history = minimize(model.parameters, with: Adam(), steps: 100) { squaredErrorLoss(model(x), y) }
///
/// - Parameters:
///   - parameters: What is changed, as ``Layer/parameters`` lists it.
///   - optimizer: Makes the steps.
///   - steps: How many steps.
///   - loss: Computes the loss from the parameters; one number.
/// - Returns: The loss before each step.
@discardableResult
public func minimize(
  _ parameters: [(path: String, parameter: Parameter)], with optimizer: some Optimizer, steps: Int,
  _ loss: () throws -> Variable
) rethrows -> [Double] {
  try (0..<steps).map { _ in
    let (value, gradients) = try valueWithGradients(loss)
    optimizer.update(parameters, with: gradients)
    return value.item()
  }
}
