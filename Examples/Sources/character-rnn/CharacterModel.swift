import Adjoint

/// A recurrent network that reads characters, and a linear map of its outputs to the logits of the next one.
struct CharacterModel<Cell: RecurrentCell>: Layer {
  let network: Recurrent<Cell>
  let output: Linear
  let characters: Int

  init(_ network: Recurrent<Cell>, units: Int, characters: Int, key: RandomKey) {
    self.network = network
    self.characters = characters
    output = Linear(units, characters, key: key)
  }

  /// The logits of the character after each, `[T · B, C]`, and the last states.
  func callAsFunction(_ codes: [[Int]], from states: [Cell.State]?) -> (logits: Variable, states: [Cell.State]) {
    let (steps, batch) = (codes.count, codes[0].count)
    let x = oneHot(IndexArray(codes.flatMap { $0 }), classes: characters).reshaped(to: [steps, batch, characters])
    let (outputs, last) = network(x, from: states)
    return (output(outputs.reshaped(to: [steps * batch, -1])), last)
  }

  /// Writes characters, each drawn from the distribution that the ones before give.
  func sample(_ length: Int, from start: Int, temperature: Double, key: RandomKey) -> [Int] {
    var written: [Int] = []
    var last = start
    var states: [Cell.State]?
    let draws = Tensor(uniform: [length], low: 0, high: 1, key: key).scalars(as: Double.self)
    for draw in draws {
      let next = self([[last]], from: states)
      states = next.states
      let probabilities = softmax(next.logits * Variable(1 / temperature)).scalars(as: Double.self)
      var sum = 0.0
      last =
        probabilities.firstIndex { probability in
          sum += probability
          return draw < sum
        } ?? characters - 1
      written.append(last)
    }
    return written
  }
}

/// Trains on windows of a text, many places at once, with gradients that stay within a window while states go on.
final class Trainer<Cell: RecurrentCell> {
  private let model: CharacterModel<Cell>, corpus: Corpus
  private let optimizer = Adam(learningRate: 4e-3)
  private let batch = 32, window = 64

  init(_ model: CharacterModel<Cell>, _ corpus: Corpus) { (self.model, self.corpus) = (model, corpus) }

  /// One pass over the training part.
  ///
  /// - Returns: The perplexity on the way.
  func trainEpoch() -> Double {
    perplexity(of: corpus.training) { codes, targets, states in
      var last: [Cell.State] = []
      let (loss, gradients) = valueWithGradients {
        let result = model(codes, from: states)
        last = result.states.map { $0.detached() }
        return softmaxCrossEntropy(logits: result.logits, targets)
      }
      optimizer.update(model, with: gradients)
      return (loss.item(), last)
    }
  }

  /// The perplexity of the other part.
  func validationPerplexity() -> Double {
    perplexity(of: corpus.validation) { codes, targets, states in
      let result = model(codes, from: states)
      return (softmaxCrossEntropy(logits: result.logits, targets).item(), result.states)
    }
  }

  /// exp of the mean loss over windows that follow one another at `batch` places.
  private func perplexity(
    of text: [Int], _ step: ([[Int]], IndexArray, [Cell.State]?) -> (loss: Double, states: [Cell.State])
  ) -> Double {
    let length = (text.count - 1) / batch
    var (total, count) = (0.0, 0)
    var states: [Cell.State]?
    for first in stride(from: 0, to: length, by: window) {
      let steps = min(window, length - first)
      func codes(_ offset: Int) -> [[Int]] {
        (0..<steps).map { time in (0..<batch).map { text[$0 * length + first + time + offset] } }
      }
      let result = step(codes(0), IndexArray(codes(1).flatMap { $0 }), states)
      states = result.states
      total += result.loss * Double(steps)
      count += steps
    }
    return exp(Variable(total / Double(count))).item()
  }
}
