/// What a part of a training run carries from one step to the next, by name.
///
/// It is plain data: tensors and whole numbers. A single number in double precision is a `.float64` tensor of rank 0. Whoever saves
/// it need not know what the names mean; putting the same state back makes the run go on bit for bit.
public struct TrainingState: Sendable, Equatable {
  /// Tensors by name.
  public var tensors: [String: Tensor]
  /// Whole numbers by name: counters, and the seeds and streams of random keys as bit patterns.
  public var counters: [String: Int]

  /// Creates a state.
  ///
  /// - Parameters:
  ///   - tensors: Tensors by name.
  ///   - counters: Whole numbers by name.
  public init(tensors: [String: Tensor] = [:], counters: [String: Int] = [:]) {
    (self.tensors, self.counters) = (tensors, counters)
  }
}

/// A part of a training run that can be put back to where it was: a data loader, a schedule that depends on the losses, early stopping,
/// averaged weights, a stream of random keys.
///
/// An optimizer's state depends on parameters and is read with ``Optimizer/state(of:)``. A ``Schedule`` is a function of the step
/// and a `RandomKey` a plain value: neither has a state to save.
public protocol Resumable {
  /// What has to be saved.
  var state: TrainingState { get }

  /// Goes back to a saved state.
  ///
  /// - Parameter state: What ``state`` gave, of a part that was made in the same way.
  /// - Throws: ``TrainingStateError`` if the state does not fit; nothing has changed then.
  mutating func restore(_ state: TrainingState) throws(TrainingStateError)
}

/// Why a state does not fit what it is restored to.
public enum TrainingStateError: Error, Equatable, CustomStringConvertible {
  /// Something needed is not in the state.
  case missing(name: String)
  /// The state holds something that nobody asked for.
  case unexpected(name: String)
  /// Something is in the state, but is not what is needed.
  case mismatch(name: String, found: String, expected: String)

  /// A sentence that says what is wrong.
  public var description: String {
    switch self {
    case .missing(let name): "the state has no \(name)"
    case .unexpected(let name): "the state holds \(name), which nothing here uses"
    case .mismatch(let name, let found, let expected): "\(name) is \(found) in the state, but \(expected) is needed"
    }
  }
}

// MARK: Reading

extension TrainingState {
  /// Takes a whole number out of the state.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - range: What it may be.
  /// - Returns: The number.
  /// - Throws: ``TrainingStateError`` if it is missing or is not what is needed.
  public mutating func takeCounter(
    _ name: String, in range: ClosedRange<Int> = Int.min...Int.max
  ) throws(TrainingStateError) -> Int {
    guard let value = counters.removeValue(forKey: name) else { throw .missing(name: name) }
    guard range.contains(value) else {
      let bounds = range.upperBound == Int.max ? "from \(range.lowerBound) on" : "in \(range)"
      throw .mismatch(name: name, found: "\(value)", expected: "a number \(bounds)")
    }
    return value
  }

  /// Takes a tensor out of the state.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - shape: The shape that it must have.
  ///   - dtype: The element type that it must have.
  /// - Returns: The tensor.
  /// - Throws: ``TrainingStateError`` if it is missing or is not what is needed.
  public mutating func takeTensor(_ name: String, _ shape: Shape, _ dtype: DType) throws(TrainingStateError) -> Tensor {
    guard let value = tensors.removeValue(forKey: name) else { throw .missing(name: name) }
    guard value.shape == shape, value.dtype == dtype else {
      throw .mismatch(name: name, found: "\(value.dtype) \(value.shape)", expected: "\(dtype) \(shape)")
    }
    return value
  }

  /// Takes a number in double precision out of the state.
  ///
  /// - Parameter name: Its name.
  /// - Returns: The number.
  /// - Throws: ``TrainingStateError`` if it is missing or is not what is needed.
  public mutating func takeNumber(_ name: String) throws(TrainingStateError) -> Double {
    try takeTensor(name, [], .float64).item()
  }

  /// Makes sure that nothing is left that nobody has taken.
  ///
  /// - Throws: ``TrainingStateError/unexpected(name:)`` with the first name that is left.
  public func requireEmpty() throws(TrainingStateError) {
    if let name = (Array(tensors.keys) + Array(counters.keys)).min() { throw .unexpected(name: name) }
  }
}
