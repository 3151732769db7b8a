import AdjointTensors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Principal neighbourhood aggregation: several reductions of the neighbours, each scaled by several functions of the degree.
///
///     m[j → i] = x[i] U + x[j] V + c
///     y[i] = [x[i], s(d_i) · r(m) for every scaler s and reduction r] W + b
///     s(d) = 1,  log(d + 1) / δ,  δ / log(d + 1),   δ the mean of log(d + 1) over the training graph
///
/// x: `[N, inputs]`, m: `[E, inputs]`, y: `[N, outputs]`; degrees below 1 count as 1.
///
/// Source: Corso et al., *Principal Neighbourhood Aggregation for Graph Nets*, NeurIPS 2020, eqs. 5–8.
public struct PNAConv: Layer {
  /// A function of a node's degree that scales what has been aggregated.
  public enum Scaler: CaseIterable, Sendable {
    /// 1.
    case identity
    /// log(d + 1) / δ.
    case amplification
    /// δ / log(d + 1).
    case attenuation
  }

  /// The maps U with c, and V, of the message, and W with b of the result.
  public let own: Linear, neighbour: Linear, output: Linear
  /// The mean of log(d + 1) over the graph that the layer is trained on; 1 for a graph without edges.
  public let meanLogDegree: Double
  private let reductions: [Reduction]
  private let scalers: [Scaler]

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features.
  ///   - degrees: The in-degrees of the graph that the layer is trained on, which δ is made from; at least one.
  ///   - reductions: The reductions.
  ///   - scalers: The functions of the degree.
  ///   - key: The place in the random sequence.
  public init(
    _ inputs: Int, _ outputs: Int, degrees: [Int], reductions: [Reduction] = [.mean, .max, .min, .standardDeviation],
    scalers: [Scaler] = Scaler.allCases, key: RandomKey
  ) {
    require(!degrees.isEmpty, "PNAConv: there are no degrees to take a mean of")
    own = Linear(inputs, inputs, key: key.stream(0))
    neighbour = Linear(inputs, inputs, bias: false, key: key.stream(1))
    output = Linear(inputs * (1 + reductions.count * scalers.count), outputs, key: key.stream(2))
    let mean = degrees.reduce(0) { $0 + log(Double($1) + 1) } / Double(degrees.count)
    meanLogDegree = mean > 0 ? mean : 1
    (self.reductions, self.scalers) = (reductions, scalers)
  }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: The features of the nodes, `[N, inputs]`.
  ///   - graph: The graph.
  /// - Returns: `[N, outputs]`.
  public func callAsFunction(_ x: Variable, on graph: Graph) -> Variable {
    graph.requireOneKind("PNAConv")
    let aggregated = graph.reduce(.source(neighbour(x)) + .target(own(x)), by: reductions)
    let scaled = scalers.map { scaler in
      scaler == .identity ? aggregated : aggregated * graph.perNode({ factor(scaler, $0) }, like: aggregated)
    }
    return output(concatenate([x] + scaled))
  }

  private func factor(_ scaler: Scaler, _ degree: Int) -> Double {
    let logDegree = log(Double(Swift.max(degree, 1)) + 1)
    return switch scaler {
    case .identity: 1
    case .amplification: logDegree / meanLogDegree
    case .attenuation: meanLogDegree / logDegree
    }
  }
}
