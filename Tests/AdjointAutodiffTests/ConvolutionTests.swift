import AdjointAutodiff
import Testing

struct ConvolutionCase: Sendable, CustomTestStringConvertible {
  var x: Shape = [2, 4, 5, 6], outputs = 2
  var window: Size2D = 3, stride: Size2D = 1, padding: Size2D = 0, dilation: Size2D = 1
  var groups = 1

  var testDescription: String {
    "\(x), window \(window), stride \(stride), padding \(padding), dilation \(dilation), \(groups) groups"
  }

  static let all = [
    ConvolutionCase(), ConvolutionCase(stride: 2), ConvolutionCase(stride: [2, 3], padding: [1, 0]),
    ConvolutionCase(window: [1, 2], padding: 2), ConvolutionCase(window: 2, dilation: [2, 3]),
    ConvolutionCase(groups: 2), ConvolutionCase(window: 1), ConvolutionCase(window: 1, stride: 2, groups: 2),
    ConvolutionCase(x: [0, 4, 3, 3]), ConvolutionCase(x: [1, 4, 1, 1], window: 1), ConvolutionCase(x: [1, 4, 3, 3]),
  ]

  /// The definition, one element at a time.
  func naive(_ x: Tensor, _ weight: Tensor) -> [Double] {
    func windows(_ extent: Int, _ axis: KeyPath<Size2D, Int>) -> Int {
      (extent + 2 * padding[keyPath: axis] - dilation[keyPath: axis] * (window[keyPath: axis] - 1) - 1)
        / stride[keyPath: axis] + 1
    }
    let channels = self.x[1] / groups, perGroup = outputs / groups
    var result: [Double] = []
    for b in 0..<self.x[0] {
      for o in 0..<outputs {
        for r in 0..<windows(self.x[2], \.height) {
          for c in 0..<windows(self.x[3], \.width) {
            var sum = 0.0
            for i in 0..<window.height {
              for j in 0..<window.width {
                let row = r * stride.height + i * dilation.height - padding.height
                let column = c * stride.width + j * dilation.width - padding.width
                guard row >= 0, row < self.x[2], column >= 0, column < self.x[3] else { continue }
                for d in 0..<channels { sum += weight[i, j, d, o] * x[b, o / perGroup * channels + d, row, column] }
              }
            }
            result.append(sum)
          }
        }
      }
    }
    return result
  }
}

@Suite struct `Convolution` {
  @Test(arguments: ConvolutionCase.all)
  func `is the sum over every window`(_ test: ConvolutionCase) {
    let x = constant(test.x)
    let weight = constant([test.window.height, test.window.width, test.x[1] / test.groups, test.outputs], seed: 2)
    let y = conv2d(
      x, weight, stride: test.stride, padding: test.padding, dilation: test.dilation, groups: test.groups)
    #expect(isClose(y.scalars(), test.naive(x.value, weight.value)))
  }

  @Test func `of pictures one row high is that of sequences`() {
    let x = constant([2, 4, 9]), weight = constant([3, 2, 6], seed: 2), bias = constant([6], seed: 3)
    let y = conv1d(x, weight, bias: bias, stride: 2, padding: 2, dilation: 2, groups: 2)
    let same = conv2d(
      x.expandedDims(at: 2), weight.expandedDims(at: 0), bias: bias, stride: [1, 2], padding: [0, 2], dilation: [1, 2],
      groups: 2)
    #expect(y.shape == [2, 6, 5] && y.value.isIdentical(to: same.squeezed(along: 2).value))
  }

  @Test func `with the weights 0 to 8 on the picture 0 to 8 keeps its extents with padding 1`() {
    let numbers = Tensor.arange(9, dtype: .float64)
    let y = conv2d(
      Variable(numbers.reshaped(to: [1, 1, 3, 3])), Variable(numbers.reshaped(to: [3, 3, 1, 1])), padding: 1)
    #expect(y.scalars() == [58, 100, 70, 132, 204, 132, 70, 100, 58])
  }

  @Test func `is linear in the picture, and unfolding is the adjoint of folding`() {
    let x = constant([2, 3, 5, 4]), columns = constant([2, 3, 6, 6], seed: 2)
    func inner(_ a: Variable, _ b: Variable) -> Double { (a * b).sum().item() }
    let unfolded = unfold(x, window: [2, 3], stride: [2, 1], padding: [1, 0])
    let folded = fold(columns, to: [5, 4], window: [2, 3], stride: [2, 1], padding: [1, 0])
    #expect(unfolded.shape == columns.shape)
    #expect(isClose([inner(unfolded, columns)], [inner(x, folded)]))
  }

  @Test func `has the same bits on any number of threads`() async {
    await #expect(processExitsWith: .success) {
      func run() -> [Tensor] {
        let tape = Tape()
        let x = tape.variable(Tensor(normal: [4, 8, 30, 30], key: RandomKey(seed: 1)))
        let weight = tape.variable(Tensor(normal: [3, 3, 8, 4], key: RandomKey(seed: 2)))
        let y = maxPool2d(conv2d(x, weight, padding: 1), window: 2)
        let gradients = square(y).sum().gradients()
        return [y.value, gradients[x].value, gradients[weight].value]
      }
      setThreadCount(1)
      let expected = run()
      for threads in [2, 3, 7] {
        setThreadCount(threads)
        for (found, one) in zip(run(), expected) { #expect(found.isIdentical(to: one), "\(threads) threads") }
      }
    }
  }
}

@Suite struct `Pooling` {
  @Test func `takes the maximum and the mean of every window`() {
    let x = Variable(Tensor.arange(16, dtype: .float64).reshaped(to: [1, 1, 4, 4]))
    #expect(maxPool2d(x, window: 2).scalars() == [5, 7, 13, 15])
    #expect(averagePool2d(x, window: 2).scalars() == [2.5, 4.5, 10.5, 12.5])
    #expect(maxPool2d(x, window: [1, 4]).scalars() == [3, 7, 11, 15])
    #expect(maxPool2d(x, window: 2, stride: [2, 1]).shape == [1, 1, 2, 3])
    // What remains at the end is left out.
    #expect(maxPool2d(x, window: 3).scalars() == [10])
    let sequence = Variable(Tensor([1, 5, 2, 4], shape: [1, 1, 4], dtype: .float64))
    #expect(maxPool1d(sequence, window: 2).scalars() == [5, 4])
    #expect(averagePool1d(sequence, window: 2, stride: 1).scalars() == [3, 3.5, 3])
  }

  @Test func `counts padding or not, and never takes it for a maximum`() {
    let x = Variable(Tensor([-1, -3, -5], shape: [1, 1, 3], dtype: .float64))
    #expect(maxPool1d(x, window: 2, padding: 1).scalars() == [-1, -3])
    #expect(averagePool1d(x, window: 2, padding: 1).scalars() == [-0.5, -4])
    #expect(averagePool1d(x, window: 2, padding: 1, countingPadding: false).scalars() == [-1, -4])
  }

  @Test func `shares the gradient of ties equally and conserves it`() {
    let found = valueAndGradient(of: { maxPool1d($0, window: 3, stride: 1) }, at: [2, 2, 1, 2], shape: [1, 1, 4])
    #expect(found.value == [2, 2])
    #expect(found.gradient == [0.5, 1, 0, 0.5])
    let nan = valueAndGradient(of: { maxPool1d($0, window: 2) }, at: [.nan, 2, 3, 1], shape: [1, 1, 4])
    #expect(nan.value[0].isNaN && nan.value[1] == 3 && nan.gradient == [0, 0, 1, 0])
  }

  @Test func `of no pictures is empty`() {
    #expect(maxPool2d(constant([0, 2, 4, 4]), window: 2).shape == [0, 2, 2, 2])
    #expect(averagePool2d(constant([2, 0, 4, 4]), window: 2).shape == [2, 0, 2, 2])
  }
}
