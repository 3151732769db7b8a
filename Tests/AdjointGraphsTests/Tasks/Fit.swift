import AdjointGraphs

/// Minimises a loss by Adam.
///
/// - Returns: The loss before every step.
@discardableResult
func fit(_ layers: any Layer..., steps: Int, learningRate: Double, loss: (_ step: Int) -> Variable) -> [Double] {
  let optimizer = Adam(learningRate: learningRate)
  var parameters: [(path: String, parameter: Parameter)] = []
  for (number, layer) in layers.enumerated() {
    parameters += layer.parameters.map { ("\(number).\($0.path)", $0.parameter) }
  }
  return (0..<steps).map { step in
    let (value, gradients) = valueWithGradients { loss(step) }
    optimizer.update(parameters, with: gradients)
    return value.item()
  }
}

/// The part of some rows whose largest logit is that of their label.
func share(of rows: IndexArray, rightBy logits: Variable, _ labels: IndexArray) -> Double {
  let predictions = logits.value.argmax(along: 1)
  return Double(rows.count { predictions[$0] == labels[$0] }) / Double(rows.count)
}
