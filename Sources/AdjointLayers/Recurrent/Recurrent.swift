/// A stack of recurrent cells over sequences, in one direction or in both.
///
///     h⁰ = x,   hˡ = outputs of cell l along hˡ⁻¹           l = 1 … L
///     with both directions, hˡ = [forward outputs, backward outputs] at every step
///
/// ``RNN``, ``LSTM`` and ``GRU`` are networks of the cells of this library; any ``RecurrentCell`` can be stacked.
///
///     let network = LSTM(64, 256, layers: 2, bidirectional: true, key: key)
///     let (outputs, states) = network(x, lengths: [7, 0, 3])      // x: [T, B, 64], outputs: [T, B, 512]
///
/// Rows of the batch may have different lengths. Beyond its length a row's state stays as it is, so the last states are those of
/// the last step that each row took, and `outputs` repeats them: forwards the last state, backwards the initial one.
public struct Recurrent<Cell: RecurrentCell>: Layer {
  /// One layer of the stack.
  public struct Level: Layer {
    /// The cell that goes forwards in time.
    public let forward: Cell
    /// The cell that goes backwards, if there are both directions.
    public let backward: Cell?
  }

  /// The layers, first to last.
  public let layers: [Level]
  /// The probability of dropping an output between layers, in training.
  public let dropout: Double

  /// Creates a network.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - layers: The number of layers, at least 1.
  ///   - bidirectional: Whether every layer has a second cell that goes backwards in time.
  ///   - dropout: The probability of dropping an output between layers, in 0 ..< 1.
  ///   - key: The place in the random sequence.
  ///   - cell: Makes a cell from its number of input features and a place in the random sequence.
  public init(
    _ inputs: Int, layers: Int = 1, bidirectional: Bool = false, dropout: Double = 0, key: RandomKey,
    cell: (_ inputs: Int, _ key: RandomKey) -> Cell
  ) {
    require(layers >= 1, "Recurrent: \(layers) layers")
    require(dropout >= 0 && dropout < 1, "Recurrent: the probability \(dropout) is outside 0 ..< 1")
    var width = inputs
    self.layers = (0..<layers).map { number in
      let level = Level(
        forward: cell(width, key.stream(2 * number)),
        backward: bidirectional ? cell(width, key.stream(2 * number + 1)) : nil)
      width = level.forward.units + (level.backward?.units ?? 0)
      return level
    }
    self.dropout = dropout
  }

  /// Applies the network to sequences.
  ///
  /// - Parameters:
  ///   - x: The inputs, `[T, B, inputs]`.
  ///   - states: The state before the first step of every cell: layer by layer, forwards before backwards; zeros if left out.
  ///   - lengths: The length of each sequence, in any order, from 0 to T; T if left out.
  ///   - window: The number of steps that gradients reach back; all if left out (truncated backpropagation through time).
  ///   - key: The place in the random sequence for dropout, or nil in evaluation.
  /// - Returns: The last layer's outputs, `[T, B, units]` (twice as many features with both directions), and the last state of
  ///   every cell, in the order of `states`.
  public func callAsFunction(
    _ x: Variable, from states: [Cell.State]? = nil, lengths: IndexArray? = nil, truncatingEvery window: Int? = nil,
    key: RandomKey? = nil
  ) -> (outputs: Variable, states: [Cell.State]) {
    let directions = layers[0].backward == nil ? 1 : 2
    if let states {
      require(
        states.count == directions * layers.count,
        "Recurrent: \(states.count) initial states for \(directions * layers.count) cells")
    }
    var outputs = x
    var last: [Cell.State] = []
    for (number, layer) in layers.enumerated() {
      if let key, number > 0, dropout > 0 {
        outputs = AdjointAutodiff.dropout(outputs, probability: dropout, key: key.stream(number))
      }
      let input = outputs
      func run(_ cell: Cell, reversed: Bool) -> Variable {
        let result = cell.sequence(
          over: input, from: states?[last.count], lengths: lengths, reversed: reversed, truncatingEvery: window)
        last.append(result.last)
        return result.outputs
      }
      outputs = run(layer.forward, reversed: false)
      if let backward = layer.backward { outputs = concatenate(outputs, run(backward, reversed: true)) }
    }
    return (outputs, last)
  }
}
