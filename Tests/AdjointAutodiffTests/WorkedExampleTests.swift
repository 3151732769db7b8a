import AdjointAutodiff
import Testing

@Suite struct `The worked example f = max((x + y) z, 0)` {
  @Test func `at (−2, 3, 2) every value and gradient is as computed by hand`() {
    let tape = Tape()
    let (x, y, z) = (tape.variable(-2), tape.variable(3), tape.variable(2))
    let v = x + y
    let u = v * z
    let f = max(u, 0)
    let gradients = f.gradients()
    #expect([v.item(), u.item(), f.item()] == [1, 2, 2])
    #expect([x, y, z, v, u, f].map { gradients[$0].item() } == [2, 2, 1, 2, 1, 1])
  }

  @Test func `at (−3, 3, 2) all gradients are 0`() {
    let tape = Tape()
    let (x, y, z) = (tape.variable(-3), tape.variable(3), tape.variable(2))
    let gradients = max((x + y) * z, 0).gradients()
    #expect([x, y, z].map { gradients[$0].item() } == [0, 0, 0])
  }
}
