import AdjointAutodiff
import Foundation
import Testing

@Suite struct `Reductions` {
  @Test func `products are right with zeros`() {
    #expect(valueAndGradient(of: { $0.product() }, at: [2, 0, 3, 4]).gradient == [0, 24, 0, 0])
    #expect(valueAndGradient(of: { $0.product() }, at: [2, 0, 0, 4]).gradient == [0, 0, 0, 0])
    #expect(valueAndGradient(of: { $0.product(along: 1) }, at: [1, 2, 3, 4], shape: [4, 1]).gradient == [1, 1, 1, 1])
    #expect(constant([0, 2]).product(along: 0).scalars(as: Double.self) == [1, 1])
    #expect(constant([2, 0]).product().item() == 1)
    let report = checkGradients(of: { $0.product() }, at: [2, 0, 0, 4], order: 2)
    #expect(report.passes, "\(report)")
  }

  @Test func `variances agree with their definition`() {
    let x = [1.0, 4, 2, 7, 7, 3]
    let mean = x.reduce(0, +) / 6, squares = x.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
    let variable = Variable(Tensor(x, dtype: .float64))
    #expect(isClose([variable.variance().item()], [squares / 6]))
    #expect(isClose([variable.variance(correction: 1).item()], [squares / 5]))
    #expect(isClose([variable.standardDeviation(correction: 1).item()], [(squares / 5).squareRoot()]))
    #expect(constant([1]).variance(correction: 1).item() == 0)
    #expect(constant([0]).standardDeviation().item() == 0)
  }

  @Test(arguments: [1, 1.5, 2, 3, .infinity]) func `norms are right and 0 at 0`(order: Double) {
    let x = [3.0, -4, 0, 1]
    let expected = order == .infinity ? 4 : pow(x.map { pow(abs($0), order) }.reduce(0, +), 1 / order)
    let result = valueAndGradient(of: { $0.norm(order) }, at: x)
    #expect(isClose(result.value, [expected]))
    #expect(result.gradient[2] == 0)
    let zero = valueAndGradient(of: { $0.norm(order) }, at: [0, 0])
    #expect(zero.value == [0])
    #expect(zero.gradient == [0, 0])
    #expect(constant([0]).norm(order).item() == 0)
    #expect(checkGradients(of: { $0.norm(order, along: 1) }, at: [[1, -2], [0.5, 3]], order: 2).passes)
  }

  @Test func `the standard deviation has gradient 0 where it is 0`() {
    #expect(valueAndGradient(of: { $0.standardDeviation() }, at: [2, 2, 2]).gradient == [0, 0, 0])
  }

  @Test func `logSumExp neither overflows nor gives NaN`() {
    #expect(isClose(valueAndGradient(of: { $0.logSumExp() }, at: [1e4, 1e4]).value, [1e4 + log(2.0)]))
    let none = valueAndGradient(
      of: { $0.logSumExp(along: 1) }, at: [-.infinity, -.infinity, 0, -.infinity], shape: [2, 2])
    #expect(none.value == [-.infinity, 0])
    #expect(none.gradient == [0, 0, 1, 0])
    #expect(constant([0]).logSumExp().item() == -.infinity)
  }

  @Test func `any and all count what is not 0`() {
    let x: Variable = [[0, 2], [0, 0]]
    #expect(x.any(along: [1]).value == [1, 0])
    #expect(x.all(along: [0]).value == [0, 0])
    #expect(constant([0]).any().item() == 0)
    #expect(constant([0]).all().item() == 1)
    #expect(Variable([[1, 3], [5, 2]]).argmax(along: 1) == [1, 0])
    #expect(Variable([[1, 3], [5, 2]]).argmin(along: 0) == [0, 1])
  }

  @Test func `running sums, products and maxima`() {
    let x: Variable = [[1, 2, 3], [3, 3, 0]]
    #expect(x.cumulativeSum(along: 1).value == [[1, 3, 6], [3, 6, 6]])
    #expect(x.cumulativeSum(along: 1, reversed: true).value == [[6, 5, 3], [6, 3, 0]])
    #expect(x.cumulativeSum(along: 0).value == [[1, 2, 3], [4, 5, 3]])
    #expect(x.cumulativeProduct(along: 1).value == [[1, 2, 6], [3, 9, 0]])
    #expect(x.cumulativeMax(along: 1).value == [[1, 2, 3], [3, 3, 3]])
    #expect(valueAndGradient(of: { $0.cumulativeMax(along: 0) }, at: [3, 3, 0, 5]).gradient == [3, 0, 0, 1])
    #expect(valueAndGradient(of: { $0.cumulativeProduct(along: 0) }, at: [2, 0, 3]).gradient == [1, 8, 0])
    let point: Tensor = [2, 0, 3, 0, 1]
    #expect(checkGradients(of: { $0.cumulativeProduct(along: 0) }, at: point, order: 2).passes)
    #expect(constant([0, 2]).cumulativeSum(along: 0).shape == [0, 2])
    #expect(constant([0, 2]).cumulativeProduct(along: 0).shape == [0, 2])
    #expect(constant([0, 2]).cumulativeMax(along: 0).shape == [0, 2])
  }
}
