import Adjoint
import ArgumentParser
import Foundation

/// Learns to write text one character at a time.
@main struct CharacterRNN: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "character-rnn",
    abstract: "Trains a recurrent network to predict the next character of a text, and lets it write.",
    discussion:
      "The text is Shakespeare's, or any other file. Perplexity is the number of characters that the network hesitates "
      + "between: the number of different ones before training, 1 if it were always sure and right.")

  enum CellName: String, ExpressibleByArgument, CaseIterable { case lstm, gru }

  @Option(help: "The kind of cell: lstm or gru.")
  var cell = CellName.lstm

  @Option(help: "The random seed.")
  var seed: UInt64 = 0

  @Option(help: "The number of passes over the text.")
  var epochs = 12

  @Option(help: "The number of units.")
  var units = 128

  @Option(
    help: "A text file; if left out, tinyshakespeare/input.txt in the folder that ADJOINT_DATA names or in shared/data."
  )
  var text: String?

  @Option(help: "The number of characters to write at the end.")
  var length = 400

  @Option(help: "How bold the writing is: below 1 likely characters become more likely.")
  var temperature = 0.7

  @Option(help: "The file that the curves are drawn to.")
  var svg = "character-rnn.svg"

  func validate() throws {
    guard epochs >= 1 else { throw ValidationError("--epochs \(epochs) is below 1.") }
    guard units >= 1 else { throw ValidationError("--units \(units) is below 1.") }
    guard length >= 0 else { throw ValidationError("--length \(length) is below 0.") }
    guard temperature > 0 else { throw ValidationError("--temperature \(temperature) is not above 0.") }
  }

  func run() throws {
    let corpus = try Corpus(file: text)
    let key = RandomKey(seed: seed)
    switch cell {
    case .lstm: try run(corpus, LSTM(corpus.alphabet.count, units, key: key.stream(0)), key)
    case .gru: try run(corpus, GRU(corpus.alphabet.count, units, key: key.stream(0)), key)
    }
  }

  private func run<Cell: RecurrentCell>(_ corpus: Corpus, _ network: Recurrent<Cell>, _ key: RandomKey) throws {
    let model = CharacterModel(network, units: units, characters: corpus.alphabet.count, key: key.stream(1))
    print(
      "\(corpus.training.count) characters to learn from, \(corpus.validation.count) to test on, \(corpus.alphabet.count) different;",
      "\(model.parameterCount) parameters")
    let trainer = Trainer(model, corpus)
    var curves = (training: [Double](), validation: [trainer.validationPerplexity()])
    print("epoch 0: perplexity \(curves.validation[0].formatted(2)) on the test part")
    for epoch in 1...epochs {
      let start = ContinuousClock.now
      curves.training.append(trainer.trainEpoch())
      curves.validation.append(trainer.validationPerplexity())
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      print(
        "epoch \(epoch): perplexity \(curves.training[epoch - 1].formatted(2)) in training,",
        "\(curves.validation[epoch].formatted(2)) on the test part, \(seconds.formatted(1)) s")
    }
    let chart = LineChart(
      "Perplexity of a character model, \(cell.rawValue.uppercased()) with \(units) units", x: "epoch",
      y: .logarithmic("perplexity"),
      series: [
        PlotSeries("training", curves.training), PlotSeries("test part", curves.validation, from: 0),
      ])
    try chart.write(to: svg)
    print("Curves: \(svg)\n")
    print(corpus.text(model.sample(length, from: corpus.start, temperature: temperature, key: key.stream(2))))
  }
}

extension Double {
  /// The number with the given digits after the point.
  func formatted(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
