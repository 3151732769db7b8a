import AdjointLayers
import Testing

/// What recurrent networks are for, on tasks small enough for a test.
@Suite struct `Sequence tasks` {
  let key = RandomKey(seed: 9)

  @Test func `the last valid state tells how a sentence feels`() {
    // 003-06: "The movie was great", many to one.
    let sentences = [
      ("the movie was great", 1), ("the movie was awful", 0), ("great", 1), ("awful", 0), ("not great", 0),
      ("the movie was not awful", 1), ("the movie was not great", 0), ("not awful", 1), ("the plot was great", 1),
      ("the plot was not great", 0),
    ]
    let words = Set(sentences.flatMap { $0.0.split(separator: " ") }).sorted()
    let lengths = IndexArray(sentences.map { $0.0.split(separator: " ").count })
    let steps = lengths.max() ?? 0
    var x = Tensor(zeros: [steps, sentences.count, words.count])
    for (row, sentence) in sentences.enumerated() {
      for (time, word) in sentence.0.split(separator: " ").enumerated() {
        x[time, row, words.firstIndex(of: word) ?? 0] = 1
      }
    }
    let network = GRU(words.count, 8, key: key.stream(0)), output = Linear(8, 2, key: key.stream(1))
    let labels = IndexArray(sentences.map(\.1)), optimizer = Adam(learningRate: 0.05)
    func logits() -> Variable { output(network(Variable(x), lengths: lengths).states[0]) }
    for _ in 0..<60 {
      let (_, gradients) = valueWithGradients { softmaxCrossEntropy(logits: logits(), labels) }
      optimizer.update(network, with: gradients)
      optimizer.update(output, with: gradients)
    }
    #expect(logits().argmax(along: 1) == labels)
  }

  @Test func `an encoder and a decoder learn to reverse a sequence`() {
    // 003-19: all sequences of three letters out of three, read by one cell and written by another.
    let (letters, steps, units) = (3, 3, 16)
    let sequences = (0..<27).map { [$0 / 9, $0 / 3 % 3, $0 % 3] }
    func letter(_ codes: [Int]) -> Variable { oneHot(IndexArray(codes), classes: letters + 1) }
    let x = stack((0..<steps).map { time in letter(sequences.map { $0[time] }) })
    let targets = IndexArray((0..<steps).flatMap { time in sequences.map { $0[steps - 1 - time] } })
    // The decoder sees the letter before, and at first a mark that is none.
    let start = [Int](repeating: letters, count: sequences.count)
    let before = stack([letter(start)] + (1..<steps).map { time in letter(sequences.map { $0[steps - time] }) })
    let encoder = GRU(letters + 1, units, key: key.stream(0)), decoder = GRU(letters + 1, units, key: key.stream(1))
    let output = Linear(units, letters, key: key.stream(2))
    let optimizer = Adam(learningRate: 0.03)
    for _ in 0..<80 {
      let (_, gradients) = valueWithGradients {
        let outputs = decoder(before, from: encoder(x).states).outputs
        return softmaxCrossEntropy(logits: output(outputs.reshaped(to: [steps * 27, units])), targets)
      }
      for model in [encoder, decoder] { optimizer.update(model, with: gradients) }
      optimizer.update(output, with: gradients)
    }
    // Letter by letter, from what it has written itself.
    var states = encoder(x).states
    var last = start
    var written: [Int] = []
    for _ in 0..<steps {
      states = decoder(stack([letter(last)]), from: states).states
      last = Array(output(states[0]).argmax(along: 1))
      written += last
    }
    #expect(IndexArray(written) == targets)
  }

  @Test func `both directions and a mean over time classify sweeps`() {
    // 003-20: spectra whose peak rises or falls, of different lengths and at different pitches. Their means over time alone
    // are the same for both classes.
    let (steps, bands) = (6, 8)
    let sweeps = (0..<8).map { (length: 4 + $0 / 4, from: $0 % 4, rises: true) }
    let all = sweeps + sweeps.map { (length: $0.length, from: $0.from, rises: false) }
    var x = Tensor(zeros: [steps, all.count, bands])
    for (row, sweep) in all.enumerated() {
      for time in 0..<sweep.length {
        let band = sweep.from + (sweep.rises ? time : sweep.length - 1 - time)
        x[time, row, Swift.min(band, bands - 1)] = 1
      }
    }
    let lengths = IndexArray(all.map(\.length)), labels = IndexArray(all.map { $0.rises ? 1 : 0 })
    let network = LSTM(bands, 6, bidirectional: true, key: key.stream(0)), output = Linear(12, 2, key: key.stream(1))
    // 1 / length within a row's length, 0 beyond.
    let weights = Tensor(
      (0..<steps).flatMap { time in all.map { time < $0.length ? 1 / Double($0.length) : 0 } },
      shape: [steps, all.count, 1])
    func logits() -> Variable {
      output((network(Variable(x), lengths: lengths).outputs * Variable(weights)).sum(along: 0))
    }
    let optimizer = Adam(learningRate: 0.05)
    for _ in 0..<40 {
      let (_, gradients) = valueWithGradients { softmaxCrossEntropy(logits: logits(), labels) }
      optimizer.update(network, with: gradients)
      optimizer.update(output, with: gradients)
    }
    #expect(logits().argmax(along: 1) == labels)
  }
}
