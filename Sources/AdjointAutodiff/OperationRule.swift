/// What the reverse sweep needs of an operation's operands and result.
public struct Saving: OptionSet, Sendable {
  /// A bit for each of inputs 0 … 5, one for the result, and one that limits inputs to those another input's gradient needs.
  public let rawValue: UInt8

  /// Creates a set from its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Nothing: the pullback is a function of the upstream gradient alone.
  public static let nothing: Saving = []
  /// The first input.
  public static let input0 = Saving(rawValue: 1)
  /// The second input.
  public static let input1 = Saving(rawValue: 2)
  /// All inputs.
  public static let inputs = Saving(rawValue: 0b0011_1111)
  /// The result.
  public static let output = Saving(rawValue: 0b0100_0000)
  /// Every input that the gradient of *another* input depends on, as in a product.
  public static let otherInputs = Saving(rawValue: 0b1011_1111)

  @inline(__always)
  func holds(input: Int) -> Bool { rawValue & (1 << UInt8(Swift.min(input, 5))) != 0 }

  /// Which of two inputs are kept, given which of them are recorded.
  @inline(__always)
  func kept(_ isRecorded0: Bool, _ isRecorded1: Bool) -> (Bool, Bool) {
    let keepsAny = !contains(.otherInputs)
    return (contains(.input0) && (keepsAny || isRecorded1), contains(.input1) && (keepsAny || isRecorded0))
  }
}

/// How an operation is differentiated: its name, what it saves, and its pullback.
///
/// A pullback turns the gradient `dy` of the result into that of an input. It is written in operations on variables, so that
/// one rule gives gradients of every order: in an ordinary sweep the operands are constants and nothing is recorded, in a
/// recorded sweep they are on the tape.
///
///     extension OperationRule {
///       static let product = OperationRule("product", saving: .otherInputs, broadcasts: true,
///         { dy, saved in dy * saved[1] },
///         { dy, saved in dy * saved[0] })
///     }
///
/// An operation without data of its own has one static rule. One that carries indices or axes makes a rule when it records, with
/// ``record(_:_:value:saving:pullback:)-swift.function``.
public final class OperationRule: Sendable {
  /// The gradient of one input: upstream gradient and saved values in, the input's gradient out.
  public typealias Pullback = @Sendable (_ dy: Variable, _ saved: Saved) -> Variable
  /// The gradients of all inputs at once; nil for one that gets none.
  public typealias JointPullback = @Sendable (_ dy: Variable, _ saved: Saved) -> [Variable?]
  /// The same on tensors, for sweeps that are not recorded. It may write over the upstream gradient `dy`, and over the result `y`,
  /// where nothing else shares them. The result is there if it was saved, and is not to be read in any other way.
  typealias InPlacePullback = @Sendable (_ dy: inout Tensor, _ y: inout Tensor?, _ saved: Saved) -> [Tensor?]

  /// The name shown by views of the tape and in messages.
  public let name: String
  let saving: Saving
  /// Whether the operands broadcast: gradients are summed to the operands' shapes.
  let broadcasts: Bool
  /// Whether the pullback is no function that could be differentiated again.
  let firstOrderOnly: Bool
  /// The pullbacks of one or two inputs, if there is no joint one.
  let first: Pullback, second: Pullback
  /// The pullback of all inputs.
  let joint: JointPullback?
  /// What a sweep that is not recorded runs in its place; mostly nil.
  let inPlace: InPlacePullback?
  /// How many of `first` and `second` there are; 1 for a joint pullback.
  let pullbackCount: Int
  let batching: Batching
  /// The rows that the operation gathers, if that is all it does: the sweep may then keep a leaf's gradient as rows.
  let gathered: IndexArray?
  /// Whether those rows are some in a row, each once.
  let isPart: Bool
  /// Whether the gradient of an input is one of gathered rows, which a leaf gets after all others; empty for none.
  let gathers: [Bool]
  /// The part of the input that is the result, if that is all there is to the operation: the sweep may then put such gradients together.
  let slice: AxisRange?

  /// A rule for an operation with one input.
  ///
  /// - Parameters:
  ///   - name: The operation's name.
  ///   - saving: What the pullback reads.
  ///   - batching: How the pullback takes many gradients at once.
  ///   - firstOrderOnly: Whether the pullback computes on tensors, so that it has no derivative: gradients of gradients then stop the
  ///     program and name the operation.
  ///   - pullback: The gradient of the input.
  @inline(never)
  public init(
    _ name: String, saving: Saving, batching: Batching = .separately, firstOrderOnly: Bool = false,
    _ pullback: @escaping Pullback
  ) {
    (self.name, self.saving, self.batching, broadcasts, self.firstOrderOnly) = (
      name, saving, batching, false, firstOrderOnly
    )
    (first, second, joint, pullbackCount) = (pullback, Self.noPullback, nil, 1)
    (gathered, isPart, gathers, slice, inPlace) = (nil, false, [], nil, nil)
  }

  /// A rule for an operation with two inputs. Only the pullbacks that are needed run.
  ///
  /// - Parameters:
  ///   - name: The operation's name.
  ///   - saving: What the pullbacks read.
  ///   - broadcasts: Whether the operands broadcast; their gradients are then summed to their shapes.
  ///   - batching: How the pullbacks take many gradients at once.
  ///   - firstOrderOnly: Whether the pullback computes on tensors, so that it has no derivative: gradients of gradients then stop the
  ///     program and name the operation.
  ///   - first: The gradient of the first input.
  ///   - second: The gradient of the second input.
  @inline(never)
  public init(
    _ name: String, saving: Saving, broadcasts: Bool = false, batching: Batching = .separately,
    firstOrderOnly: Bool = false,
    _ first: @escaping Pullback, _ second: @escaping Pullback
  ) {
    (self.name, self.saving, self.batching, self.broadcasts, self.firstOrderOnly) = (
      name, saving, batching, broadcasts, firstOrderOnly
    )
    (self.first, self.second, joint, pullbackCount) = (first, second, nil, 2)
    (gathered, isPart, gathers, slice, inPlace) = (nil, false, [], nil, nil)
  }

  /// A rule that gives the gradients of all inputs at once.
  ///
  /// - Parameters:
  ///   - name: The operation's name.
  ///   - saving: What the pullback reads.
  ///   - batching: How the pullback takes many gradients at once.
  ///   - firstOrderOnly: Whether the pullback computes on tensors, so that it has no derivative: gradients of gradients then stop the
  ///     program and name the operation.
  ///   - pullback: The gradients of the inputs, in their order; ``Saved/needsGradient(_:)`` says which are wanted.
  @inline(never)
  public convenience init(
    _ name: String, saving: Saving, batching: Batching = .separately, firstOrderOnly: Bool = false,
    joint pullback: @escaping JointPullback
  ) {
    self.init(
      name, saving: saving, batching: batching, firstOrderOnly: firstOrderOnly, inPlace: nil, joint: pullback)
  }

  /// The same, with a pullback for sweeps that are not recorded.
  init(
    _ name: String, saving: Saving, batching: Batching, firstOrderOnly: Bool = false, inPlace: InPlacePullback?,
    joint pullback: @escaping JointPullback
  ) {
    (self.name, self.saving, self.batching, broadcasts, self.firstOrderOnly) = (
      name, saving, batching, false, firstOrderOnly
    )
    (first, second, joint, pullbackCount) = (Self.noPullback, Self.noPullback, pullback, 1)
    (gathered, isPart, gathers, slice, self.inPlace) = (nil, false, [], nil, inPlace)
  }

  /// A rule that saves the result and gives the gradients of all inputs at once; `gathers` says of each whether it is one of gathered rows.
  init(_ name: String, gathers: [Bool], joint pullback: @escaping JointPullback) {
    (self.name, saving, batching, broadcasts, firstOrderOnly) = (name, .output, .separately, false, false)
    (first, second, joint, pullbackCount) = (Self.noPullback, Self.noPullback, pullback, 1)
    (gathered, isPart, self.gathers, slice, inPlace) = (nil, false, gathers, nil, nil)
  }

  /// The rule for gathering rows of an input that has `count` of them.
  init(_ name: String, gathering rows: IndexArray, of count: Int, isPart: Bool = false) {
    (self.name, saving, batching, broadcasts, firstOrderOnly) = (name, .nothing, .rows, false, false)
    (first, second, pullbackCount) = (Self.noPullback, Self.noPullback, 1)
    joint = { dy, _ in [dy.scatterSum(to: rows, count: count)] }
    (gathered, self.isPart, gathers, slice, inPlace) = (rows, isPart, [], nil, nil)
  }

  /// The rule for a part of an input of shape `shape`.
  init(slicing part: AxisRange, of shape: Shape) {
    (name, saving, batching, broadcasts, firstOrderOnly) = ("slice", .nothing, .separately, false, false)
    (second, joint, pullbackCount) = (Self.noPullback, nil, 1)
    first = { dy, _ in dy.placed(in: shape, along: part.axis, at: part.range.lowerBound) }
    (gathered, isPart, gathers, slice, inPlace) = (nil, false, [], part, nil)
  }

  /// Stands where a rule has no pullback. Nobody runs it: an entry has no such input.
  private static let noPullback: Pullback = { dy, _ in dy }
}

extension OperationRule {
  /// The gradients of all inputs; nil for those that are not wanted. A joint pullback that returns too few or too many stops
  /// the program.
  func gradients(_ dy: Variable, _ saved: Saved, where isWanted: (_ input: Int) -> Bool) -> [Variable?] {
    let inputCount = saved.entry.pointee.inputCount
    if let joint {
      let gradients: [Variable?]
      // A batched sweep hands over many gradients at once.
      if let inPlace, !saved.recorded, dy.rank == saved.entry.pointee.shape.rank {
        var upstream = dy.value, result = saved.entry.pointee.output.optional
        gradients = inPlace(&upstream, &result, saved).map { $0.map { Variable($0) } }
      } else {
        gradients = joint(dy, saved)
      }
      require(
        gradients.count == inputCount,
        "\(name): the pullback returns \(gradients.count) gradients for \(inputCount) inputs")
      return gradients.enumerated().map { isWanted($0) ? $1 : nil }
    }
    return [first, second].prefix(inputCount).enumerated().map { isWanted($0) ? $1(dy, saved) : nil }
  }
}

/// The values that an operation saved, as its pullback sees them.
///
/// In an ordinary sweep they are constants. In a recorded sweep they are the recorded variables themselves, so that what the
/// pullback computes can be differentiated again.
public struct Saved {
  let state: UnsafeMutablePointer<TapeState>
  let entry: UnsafeMutablePointer<Entry>
  /// The place of the entry; in a recorded sweep the complement, as three words are passed in registers.
  private let place: Int32

  @inline(__always)
  init(state: UnsafeMutablePointer<TapeState>, entry: UnsafeMutablePointer<Entry>, index: Int32, recorded: Bool) {
    (self.state, self.entry, place) = (state, entry, recorded ? ~index : index)
  }

  @inline(__always)
  var recorded: Bool { place < 0 }

  private var index: Int32 { recorded ? ~place : place }

  /// An input.
  ///
  /// - Parameter input: The position of the input. One that was not saved stops the program.
  public subscript(input: Int) -> Variable {
    @inline(__always)
    get {
      let saved = input == 0 ? entry.pointee.saved0 : entry.pointee.saved1
      if let number = saved.number, input < 2 && !recorded { return Variable(number) }
      return variable(input)
    }
  }

  @inline(never)
  private func variable(_ input: Int) -> Variable {
    guard let value = entry.pointee.savedInput(input) else {
      stop("\(entry.pointee.ruleName): the pullback reads input \(input), which was not saved")
    }
    return variable(value, entry.pointee.inputIndex(input))
  }

  /// The result. One that was not saved stops the program.
  @inline(__always)
  public var output: Variable {
    require(
      entry.pointee.output.isPresent, "\(entry.pointee.ruleName): the pullback reads the result, which was not saved")
    return variable(entry.pointee.output.tensor, index)
  }

  /// Whether the gradient of an input is wanted.
  ///
  /// - Parameter input: The position of the input.
  /// - Returns: False for a constant.
  @inline(__always)
  public func needsGradient(_ input: Int) -> Bool { entry.pointee.inputIndex(input) >= 0 }

  /// The shape of an input whose gradient is wanted.
  ///
  /// - Parameter input: The position of the input.
  /// - Returns: Its shape.
  public func shape(of input: Int) -> Shape {
    let index = entry.pointee.inputIndex(input)
    return index >= 0 ? state.pointee.entry(index).pointee.shape : self[input].shape
  }

  @inline(__always)
  private func variable(_ value: Tensor, _ index: Int32) -> Variable {
    recorded && index >= 0 ? Variable(value: value, index: index, tape: state) : Variable(value)
  }
}

extension Entry {
  var ruleName: String { rule?._withUnsafeGuaranteedRef { $0.name } ?? "leaf" }

  var inputCount: Int {
    if let others { return others._withUnsafeGuaranteedRef { $0.indices.count } }
    guard let rule else { return 0 }
    return rule._withUnsafeGuaranteedRef { $0.pullbackCount }
  }

  /// The entry of an input; −1 for a constant.
  @inline(__always)
  func inputIndex(_ input: Int) -> Int32 {
    if let others { return others._withUnsafeGuaranteedRef { $0.indices[input] } }
    return input == 0 ? input0 : input == 1 ? input1 : -1
  }

  /// The value of an input, if it was saved.
  func savedInput(_ input: Int) -> Tensor? {
    if let others {
      return others._withUnsafeGuaranteedRef { input < $0.saved.count ? $0.saved[input] : nil }
    }
    let saved = input == 0 ? saved0 : saved1
    return input < 2 && saved.isPresent ? saved.tensor : nil
  }
}
