/// A function of sets: the elements' features, aggregated, and a function of that.
///
///     y[s] = ρ(⨁ φ(x))      over the elements x of set s; ⨁ is sum, mean or maximum
///     x: [E, features]   φ(x): [E, hidden]   y: [count, outputs]
///
/// The order of the elements makes no difference (up to rounding), and every function of finite sets has this form with a sum.
///
/// Source: Zaheer et al., *Deep Sets*, NeurIPS 2017, theorem 2.
public struct DeepSets: Layer {
  /// The function φ of an element.
  public let phi: any UnaryLayer
  /// The function ρ of a set's aggregate.
  public let rho: any UnaryLayer
  /// How elements become one.
  public let aggregation: SetAggregation

  /// Creates a function of sets.
  ///
  /// - Parameters:
  ///   - phi: The function φ of an element.
  ///   - rho: The function ρ of a set's aggregate.
  ///   - aggregation: How elements become one.
  public init(phi: any UnaryLayer, rho: any UnaryLayer, aggregation: SetAggregation = .sum) {
    (self.phi, self.rho, self.aggregation) = (phi, rho, aggregation)
  }

  /// Applies the function to every set.
  ///
  /// - Parameters:
  ///   - batch: Sets.
  ///   - key: The place in the random sequence in training; nil in evaluation.
  /// - Returns: `[count, outputs]`.
  public func callAsFunction(_ batch: SetBatch, key: RandomKey? = nil) -> Variable {
    rho(aggregation(batch.map { phi($0, key: key?.stream(0)) }), key: key?.stream(1))
  }

  /// Applies the function to one set.
  ///
  /// - Parameters:
  ///   - set: The elements, `[n, features]`.
  ///   - key: The place in the random sequence in training; nil in evaluation.
  /// - Returns: `[outputs]`.
  public func callAsFunction(_ set: Variable, key: RandomKey? = nil) -> Variable {
    self(SetBatch(set, sizes: [set.shape.first ?? 0]), key: key).squeezed(along: 0)
  }
}

/// A map of sets to sets that permutes its result as its input is permuted.
///
///     y[e] = x[e] Λ + (⨁ x) Γ + b      ⨁ over the elements of e's set      x: [E, inputs]   y: [E, outputs]
///
/// Among linear maps of one feature, these are all that are equivariant. With the maximum and Γ = −Λ it is the layer that the paper
/// recommends.
///
/// Source: Zaheer et al., *Deep Sets*, NeurIPS 2017, lemma 3 and section 3.1.
public struct EquivariantLinear: Layer {
  /// The map Λ of an element, with the bias b.
  public let element: Linear
  /// The map Γ of a set's aggregate.
  public let set: Linear
  /// How elements become one.
  public let aggregation: SetAggregation

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features.
  ///   - aggregation: How elements become one.
  ///   - key: The place in the random sequence.
  public init(_ inputs: Int, _ outputs: Int, aggregation: SetAggregation = .mean, key: RandomKey) {
    element = Linear(inputs, outputs, key: key.stream(0))
    set = Linear(inputs, outputs, bias: false, key: key.stream(1))
    self.aggregation = aggregation
  }

  /// Applies the layer to every set.
  ///
  /// - Parameter batch: Sets.
  /// - Returns: The sets with other features.
  public func callAsFunction(_ batch: SetBatch) -> SetBatch {
    batch.map { element($0) + set(aggregation(batch)).gatherRows(batch.setOfElement) }
  }

  /// Applies the layer to one set.
  ///
  /// - Parameter set: The elements, `[n, inputs]`.
  /// - Returns: `[n, outputs]`.
  public func callAsFunction(_ set: Variable) -> Variable {
    self(SetBatch(set, sizes: [set.shape.first ?? 0])).elements
  }
}
