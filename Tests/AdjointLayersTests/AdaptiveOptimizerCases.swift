import AdjointLayers

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The formulas of the papers, written out for one number.
extension OptimizerCase {
  private static let (rate, beta1, beta2, epsilon, decay) = (0.05, 0.8, 0.9, 1e-6, 0.3)

  // A case without decay, with coupled decay and with decoupled decay. `make` gets the decay and whether it is decoupled; `step` makes
  // a function of the decayed gradient and the number of the step, which gives what is taken off the parameter.
  private static func decays(
    _ name: String, rate: Double = rate, _ make: @escaping @Sendable (Double, Bool) -> any Optimizer,
    _ step: @escaping @Sendable () -> (Double, Int) -> Double
  ) -> [OptimizerCase] {
    [("", 0.0, false), (" with decay", decay, false), (" with decoupled decay", decay, true)].map {
      text, decay, decoupled in
      OptimizerCase(
        testDescription: name + text, make: { make(decay, decoupled) },
        naive: {
          let step = step()
          return { p, gradient, t in
            decoupled ? p - rate * decay * p - step(gradient, t) : p - step(gradient + decay * p, t)
          }
        })
    }
  }

  static let adaptive: [OptimizerCase] =
    decays("SGD", { SGD(learningRate: rate, momentum: 0.9, weightDecay: $0, decoupled: $1) }) {
      var m = 0.0
      return { g, t in
        m = t == 1 ? g : 0.9 * m + g
        return rate * m
      }
    }
    + decays(
      "AMSGrad",
      {
        AMSGrad(learningRate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: $0, decoupled: $1)
      }
    ) {
      var (m, v, largest) = (0.0, 0.0, 0.0)
      return { g, t in
        (m, v) = (beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g)
        largest = max(largest, v)
        return rate * m / (1 - pow(beta1, Double(t))) / ((largest / (1 - pow(beta2, Double(t)))).squareRoot() + epsilon)
      }
    }
    + decays(
      "NAdam",
      {
        NAdam(
          learningRate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, momentumDecay: 0.1, weightDecay: $0,
          decoupled: $1)
      }
    ) {
      func mu(_ t: Int) -> Double { beta1 * (1 - 0.5 * pow(0.96, 0.1 * Double(t))) }
      var (m, v) = (0.0, 0.0)
      return { g, t in
        (m, v) = (beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g)
        let product = (1...t).reduce(1.0) { $0 * mu($1) }
        let ahead = mu(t + 1) * m / (1 - product * mu(t + 1)) + (1 - mu(t)) * g / (1 - product)
        return rate * ahead / ((v / (1 - pow(beta2, Double(t)))).squareRoot() + epsilon)
      }
    }
    + decays(
      "RAdam",
      { RAdam(learningRate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: $0, decoupled: $1) }
    ) {
      var (m, v) = (0.0, 0.0)
      return { g, t in
        (m, v) = (beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g)
        let corrected = m / (1 - pow(beta1, Double(t))), power = pow(beta2, Double(t))
        let longest = 2 / (1 - beta2) - 1
        let length = longest - 2 * Double(t) * power / (1 - power)
        guard length > 4 else { return rate * corrected }
        let r = (((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length)).squareRoot()
        return rate * r * corrected / ((v / (1 - power)).squareRoot() + epsilon)
      }
    }
    + decays(
      "Adamax",
      { Adamax(learningRate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: $0, decoupled: $1) }
    ) {
      var (m, u) = (0.0, 0.0)
      return { g, t in
        (m, u) = (beta1 * m + (1 - beta1) * g, max(beta2 * u, abs(g) + epsilon))
        return rate / (1 - pow(beta1, Double(t))) * m / u
      }
    }
    + decays(
      "Adagrad", { Adagrad(learningRate: rate, initialSum: 0.1, epsilon: epsilon, weightDecay: $0, decoupled: $1) }
    ) {
      var s = 0.1
      return { g, _ in
        s += g * g
        return rate * g / (s.squareRoot() + epsilon)
      }
    }
    + decays(
      "Adadelta", rate: 0.5, { Adadelta(learningRate: 0.5, rho: 0.9, epsilon: 1e-3, weightDecay: $0, decoupled: $1) }
    ) {
      var (s, u) = (0.0, 0.0)
      return { g, _ in
        s = 0.9 * s + 0.1 * g * g
        let step = (u + 1e-3).squareRoot() / (s + 1e-3).squareRoot() * g
        u = 0.9 * u + 0.1 * step * step
        return 0.5 * step
      }
    }
    + rmsprop("RMSprop", momentum: 0, centred: false) + rmsprop("RMSprop with momentum", momentum: 0.9, centred: false)
    + rmsprop("centred RMSprop", momentum: 0, centred: true)
    + rmsprop("centred RMSprop with momentum", momentum: 0.5, centred: true)

  private static func rmsprop(_ name: String, momentum: Double, centred: Bool) -> [OptimizerCase] {
    // A centred divisor is 0 at first, up to rounding and ε, so that ε is not small.
    let epsilon = centred ? 0.1 : 1e-6
    return decays(
      name,
      {
        RMSprop(
          learningRate: rate, alpha: 0.9, epsilon: epsilon, momentum: momentum, centred: centred, weightDecay: $0,
          decoupled: $1)
      }
    ) {
      var (s, q, m) = (0.0, 0.0, 0.0)
      return { g, _ in
        (s, q) = (0.9 * s + 0.1 * g * g, 0.9 * q + 0.1 * g)
        m = momentum * m + g / ((centred ? max(s - q * q, 0) : s).squareRoot() + epsilon)
        return rate * m
      }
    }
  }
}
