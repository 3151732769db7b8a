import Adjoint
import ArgumentParser

/// Times one case and prints a JSON object for each result, with the keys of the scripts that time other frameworks.
@main struct Benchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmarks",
    abstract: "Times one case and prints one line of JSON for each result.",
    discussion: "Cases: \(Case.names).")

  @Option(name: .customLong("case"), help: "What to time; see the list above.")
  var caseName: String

  @OptionGroup var options: Options

  func validate() throws {
    guard Case.all.contains(where: { $0.name == caseName }) else {
      throw ValidationError("There is no case \"\(caseName)\". Cases: \(Case.names).")
    }
  }

  func run() throws {
    setThreadCount(options.threads)
    let stopwatch = Stopwatch(options)
    for choice in Case.all where choice.name == caseName { try choice.run(stopwatch) }
  }
}

/// How long to measure, on what.
struct Options: ParsableArguments {
  @Option(help: "The number of threads that kernels use.")
  var threads = threadCount

  @Option(
    help: "The folder with cora/ and mutag/; if left out, what ADJOINT_DATA says, or shared/data beside the repository."
  )
  var data: String?

  @Option(help: "Measure for at least this many seconds.")
  var minSeconds = 2.0

  @Option(help: "Measure at least this many iterations.")
  var minIterations = 10

  @Option(help: "Stop after this many seconds once three iterations are in.")
  var maxSeconds = 60.0

  @Option(help: "The number of random seeds that accuracies are averaged over.")
  var seeds = 10

  func validate() throws {
    guard (1...256).contains(threads) else { throw ValidationError("--threads \(threads) is outside 1 ... 256.") }
    guard minIterations >= 1 else { throw ValidationError("--min-iterations \(minIterations) is below 1.") }
    guard seeds >= 2 else { throw ValidationError("--seeds \(seeds) is below 2: no deviation can be given.") }
  }
}

/// Something that can be timed; several cases may go by one name.
struct Case: Sendable {
  let name: String
  let run: @Sendable (Stopwatch) throws -> Void

  static let all =
    models + perceptrons + recurrentModels + graphModels + tapes + products + scatters + memory + elementwise + limits

  /// Every name once.
  static var names: String {
    var seen: Set<String> = []
    return all.map(\.name).filter { seen.insert($0).inserted }.joined(separator: ", ")
  }
}
