import Foundation
import Testing

@Suite struct `The comparison with golden values` {
  let golden = GoldenTensor(shape: [2], values: [1, -2])
  let tolerance = Tolerance(relative: 1e-3, absolute: 1e-6)

  @Test func `passes values within the tolerance`() {
    #expect(difference(Computed(shape: [2], values: [1.0009, -2.0019]), golden, tolerance) == nil)
  }

  @Test func `notices a value off by more than the tolerance`() {
    let text = difference(Computed(shape: [2], values: [1, -2.0021]), golden, tolerance)
    #expect(text == "1 of 2 elements differ, the first at 1: -2.0021, golden -2.0")
  }

  @Test func `notices a wrong shape`() {
    let text = difference(Computed(shape: [2, 1], values: [1, -2]), golden, tolerance)
    #expect(text == "shape [2, 1], golden [2]")
  }

  @Test func `notices a missing gradient`() {
    let computed = ["x": Computed(shape: [2], values: [1, -2])]
    let found = differences("gradient of input", computed, ["x": golden, "z": golden], tolerance)
    #expect(found == ["gradient of input z is missing"])
  }

  @Test func `wants integers exactly`() {
    let golden = GoldenTensor(shape: [], kind: .int64, values: [1000])
    #expect(difference(Computed(shape: [], values: [1001]), golden, tolerance) != nil)
    #expect(difference(Computed(shape: [], values: [1000]), golden, tolerance) == nil)
  }

  @Test func `lets infinities and not-a-number agree with themselves alone`() {
    #expect(agrees(.nan, .nan, tolerance) && agrees(.infinity, .infinity, tolerance))
    #expect(!agrees(1, .nan, tolerance) && !agrees(.nan, 1, tolerance))
    #expect(!agrees(1, .infinity, tolerance) && !agrees(-.infinity, .infinity, tolerance))
    #expect(!agrees(.infinity, 1, tolerance))
  }
}
