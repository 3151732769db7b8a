extension Schedule {
  /// The same rate at every step: η(t) = η₀.
  ///
  /// - Parameter rate: The rate η₀.
  /// - Returns: The schedule.
  public static func constant(_ rate: Double) -> Schedule {
    check("constant", "rate", rate)
    return Schedule { _ in rate }
  }

  /// A factor every so many steps: η(t) = η₀ γ^⌊t / n⌋.
  ///
  /// - Parameters:
  ///   - rate: The first rate η₀.
  ///   - steps: The number n of steps between changes, at least 1.
  ///   - factor: The factor γ.
  /// - Returns: The schedule.
  public static func step(_ rate: Double, every steps: Int, factor: Double) -> Schedule {
    check("step", "rate", rate)
    check("step", "factor", factor)
    check("step", steps: steps)
    return Schedule { step in rate * power(factor, Double(step / steps)) }
  }

  /// A factor at certain steps: η(t) = η₀ γ^(number of milestones ≤ t).
  ///
  /// - Parameters:
  ///   - rate: The first rate η₀.
  ///   - milestones: The steps with a new rate, in ascending order.
  ///   - factor: The factor γ.
  /// - Returns: The schedule.
  public static func multiStep(_ rate: Double, at milestones: [Int], factor: Double) -> Schedule {
    check("multiStep", "rate", rate)
    check("multiStep", "factor", factor)
    require(
      zip(milestones, milestones.dropFirst()).allSatisfy { $0 < $1 },
      "Schedule.multiStep: the milestones \(milestones) are not in ascending order")
    return Schedule { step in rate * power(factor, Double(milestones.count { $0 <= step })) }
  }

  /// A factor at every step: η(t) = η₀ γᵗ.
  ///
  /// - Parameters:
  ///   - rate: The first rate η₀.
  ///   - factor: The factor γ.
  /// - Returns: The schedule.
  public static func exponential(_ rate: Double, factor: Double) -> Schedule {
    check("exponential", "rate", rate)
    check("exponential", "factor", factor)
    return Schedule { step in rate * power(factor, Double(step)) }
  }

  /// A straight line: η(t) = η₀ + (η₁ − η₀) min(t, n) / n.
  ///
  /// - Parameters:
  ///   - start: The first rate η₀.
  ///   - end: The rate η₁ from step n on.
  ///   - steps: The number n of steps, at least 1.
  /// - Returns: The schedule.
  public static func linear(from start: Double, to end: Double, over steps: Int) -> Schedule {
    polynomial(from: start, to: end, over: steps, power: 1)
  }

  /// A power of the time left: η(t) = η₁ + (η₀ − η₁) (1 − min(t, n) / n)ᵖ.
  ///
  /// - Parameters:
  ///   - start: The first rate η₀.
  ///   - end: The rate η₁ from step n on.
  ///   - steps: The number n of steps, at least 1.
  ///   - power: The power p, above 0.
  /// - Returns: The schedule.
  public static func polynomial(from start: Double, to end: Double = 0, over steps: Int, power: Double) -> Schedule {
    check("polynomial", "rate", start, end)
    check("polynomial", steps: steps)
    require(power > 0, "Schedule.polynomial: the power \(power) is not above 0")
    return Schedule { step in
      end + (start - end) * AdjointLayers.power(1 - Double(Swift.min(step, steps)) / Double(steps), power)
    }
  }

  /// Half a turn of the cosine: η(t) = η₁ + (η₀ − η₁) (1 + cos(π min(t, n) / n)) / 2.
  ///
  /// - Parameters:
  ///   - start: The first rate η₀.
  ///   - end: The rate η₁ from step n on.
  ///   - steps: The number n of steps, at least 1.
  /// - Returns: The schedule.
  /// - SeeAlso: Loshchilov & Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts*, ICLR 2017, eq. 5.
  public static func cosine(from start: Double, to end: Double = 0, over steps: Int) -> Schedule {
    check("cosine", "rate", start, end)
    check("cosine", steps: steps)
    return Schedule { step in halfTurn(start, end, Double(Swift.min(step, steps)) / Double(steps)) }
  }

  /// Half turns of the cosine, each begun anew at the first rate, and each longer than the one before by a factor.
  ///
  ///     η(t) = η₁ + (η₀ − η₁) (1 + cos(π u / nᵢ)) / 2      u: steps since the last restart,  nᵢ₊₁ = k nᵢ
  ///
  /// - Parameters:
  ///   - start: The rate η₀ after every restart.
  ///   - end: The rate η₁ that is approached.
  ///   - period: The number n₀ of steps until the first restart, at least 1.
  ///   - growth: The factor k between periods, at least 1.
  /// - Returns: The schedule.
  /// - Complexity: O(number of restarts before t) time.
  /// - SeeAlso: Loshchilov & Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts*, ICLR 2017, section 3.
  public static func cosineWithRestarts(
    from start: Double, to end: Double = 0, period: Int, growth: Int = 1
  ) -> Schedule {
    check("cosineWithRestarts", "rate", start, end)
    check("cosineWithRestarts", steps: period)
    require(growth >= 1, "Schedule.cosineWithRestarts: the growth \(growth) is not at least 1")
    return Schedule { step in
      var (since, length) = (step, period)
      if growth == 1 {
        since %= period
      } else {
        while since >= length { (since, length) = (since - length, length * growth) }
      }
      return halfTurn(start, end, Double(since) / Double(length))
    }
  }

  /// One cycle: up to a peak and down to far below the start, both along half a turn of the cosine.
  ///
  /// The rate is `peak / initialDivisor` at step 0, `peak` at step `rising · n − 1`, and `peak / initialDivisor / finalDivisor` at
  /// step n − 1 and from there on.
  ///
  /// - Parameters:
  ///   - peak: The largest rate.
  ///   - steps: The number n of steps, at least 1.
  ///   - rising: The part of the steps up to the peak, in 0 ... 1.
  ///   - initialDivisor: The peak over the first rate.
  ///   - finalDivisor: The first rate over the last one.
  /// - Returns: The schedule.
  /// - SeeAlso: Smith & Topin, *Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates*,
  ///   arXiv:1708.07120; the turning points are those of PyTorch's `OneCycleLR`.
  public static func oneCycle(
    peak: Double, over steps: Int, rising: Double = 0.3, initialDivisor: Double = 25, finalDivisor: Double = 1e4
  ) -> Schedule {
    check("oneCycle", "rate", peak)
    check("oneCycle", steps: steps)
    require(rising >= 0 && rising <= 1, "Schedule.oneCycle: the rising part \(rising) is outside 0 ... 1")
    require(
      initialDivisor > 0 && finalDivisor > 0,
      "Schedule.oneCycle: the divisors \(initialDivisor) and \(finalDivisor) are not above 0")
    let first = peak / initialDivisor, last = first / finalDivisor
    let top = Swift.max(0, rising * Double(steps) - 1), end = Double(steps - 1)
    return Schedule { step in
      let t = Swift.min(Double(step), end)
      if t < top { return halfTurn(first, peak, t / top) }
      return end > top ? halfTurn(peak, last, (t - top) / (end - top)) : peak
    }
  }

  /// From `start` at 0 to `end` at 1 along half a turn of the cosine.
  private static func halfTurn(_ start: Double, _ end: Double, _ part: Double) -> Double {
    end + (start - end) * (1 + cosineOfAngle(.pi * part)) / 2
  }
}
