import AdjointAutodiff
import Testing

@Suite struct `Products` {
  @Test func `vectors and matrices`() {
    let a: Variable = [[1, 2, 3], [4, 5, 6]], v: Variable = [1, 0, 2], w: Variable = [1, -1]
    #expect(matmul(a, v).value == [7, 16])
    #expect(matmul(w, a).value == [-3, -3, -3])
    #expect(matmul(v, v).item() == 5)
    #expect(dot(v, v).item() == 5)
    #expect(outer(w, v).value == [[1, 0, 2], [-1, 0, -2]])
    #expect(matmul(constant([2, 3, 4]), constant([4])).shape == [2, 3])
    #expect(matmul(constant([3]), constant([2, 3, 4])).shape == [2, 4])
    #expect(dot(constant([0]), constant([0])).item() == 0)
  }

  @Test func `einsum agrees with products and sums`() {
    let a = constant([3, 4]), b = constant([4, 2], seed: 2), square = constant([3, 3], seed: 3)
    func expect(_ x: Variable, _ y: Variable) {
      #expect(x.shape == y.shape)
      #expect(isClose(x.scalars(), y.scalars()))
    }
    expect(einsum("ij,jk->ik", a, b), matmul(a, b))
    expect(einsum("ij,jk", a, b), matmul(a, b))
    expect(einsum("ba", a), a.transposed())
    expect(einsum("ij->", a), a.sum())
    expect(einsum("ij->j", a), a.sum(along: 0))
    expect(einsum("ii->i", square), square.diagonal())
    expect(einsum("ii", square), square.trace())
    expect(einsum("ij,ij->", a, a), (a * a).sum())
    expect(einsum("i,j->ij", a.sum(along: 1), b.sum(along: 0)), outer(a.sum(along: 1), b.sum(along: 0)))
    let column = constant([5, 1]), stack = constant([2, 1, 3, 4]), other = constant([5, 4, 2])
    expect(einsum("ij,kj->ik", a, column), matmul(a, column.broadcast(to: [5, 4]), transposingRight: true))
    expect(einsum("...ij,...jk->...ik", stack, other), matmul(stack, other))
    expect(einsum("iii->i", constant([2, 2, 2])), constant([2, 2, 2]).reshaped(to: [8]).slice(along: 0, by: 7))
    expect(einsum("ij,jk,kl->il", a, b, constant([2, 3])), matmul(matmul(a, b), constant([2, 3])))
    expect(einsum(",->", constant([]), constant([], seed: 2)), constant([]) * constant([], seed: 2))
    expect(einsum("ij,jk->ik", constant([3, 0]), constant([0, 2])), Variable(Tensor(zeros: [3, 2], dtype: .float64)))
  }

  @Test func `estimators pass the gradients they promise`() {
    #expect(valueAndGradient(of: { reverseGradient($0, scale: 2) }, at: [1, 3]).gradient == [-2, -2])
    let rounded = Tensor([1.0, 3], dtype: .float64)
    let result = valueAndGradient(of: { straightThrough(rounded, gradientTo: $0 * $0) }, at: [0.5, 2])
    #expect(result.value == [1, 3])
    #expect(result.gradient == [1, 4])
    let logits = constant([200, 3])
    let hard = gumbelSoftmax(logits: logits, hard: true, key: RandomKey(seed: 1))
    let soft = gumbelSoftmax(logits: logits, key: RandomKey(seed: 1))
    #expect(hard.argmax(along: 1) == soft.argmax(along: 1))
    #expect(hard.sum(along: 1).scalars(as: Double.self).allSatisfy { $0 == 1 })
    let columns = gumbelSoftmax(logits: logits, along: 0, hard: true, key: RandomKey(seed: 1))
    #expect(columns.sum(along: 0).scalars(as: Double.self) == [1, 1, 1])
    let sure = Variable(Tensor([0.0, 100, 0], dtype: .float64))
    #expect(gumbelSoftmax(logits: sure, hard: true, key: RandomKey(seed: 1)).scalars(as: Double.self) == [0, 1, 0])
  }

  @Test func `what does not fit is named`() async {
    expectStop(
      "matmul: inner extents differ: [2, 3] × [2]",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = matmul(Variable(Tensor(zeros: [2, 3])), Variable(Tensor(zeros: [2])))
      })
    expectStop(
      "einsum: axis j of \"ij,jk->ik\" has extents 3 and 4",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("ij,jk->ik", Variable(Tensor(zeros: [2, 3])), Variable(Tensor(zeros: [4, 2])))
      })
    expectStop(
      "einsum: \"ijk\" in \"ijk->i\" does not fit shape [2, 3]",
      in: await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("ijk->i", Variable(Tensor(zeros: [2, 3])))
      })
  }
}
