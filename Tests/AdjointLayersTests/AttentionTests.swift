import AdjointLayers
import Testing

private func close(_ a: Variable, _ b: Variable, within tolerance: Double = 1e-12) -> Bool {
  a.shape == b.shape && zip(a.scalars(as: Double.self), b.scalars()).allSatisfy { ($0 - $1).magnitude <= tolerance }
}

@Suite struct `Attention` {
  let key = RandomKey(seed: 9)

  private func normal(_ shape: Shape, _ stream: Int = 0) -> Variable {
    Variable(Tensor(normal: shape, key: key.stream(stream), dtype: .float64))
  }

  @Test func `of three words is what the formula gives`() {
    let x: Variable = Variable(Tensor([1, 0, 0, 1, 1, 1], shape: [3, 2], dtype: .float64))
    let y = dotProductAttention(queries: x, keys: x, values: x)
    let expected = Variable(
      Tensor([0.802224, 0.598888, 0.598888, 0.802224, 0.751745, 0.751745], shape: [3, 2], dtype: .float64))
    #expect(close(y, expected, within: 5e-7))
  }

  @Test func `does not see what is masked`() {
    let (q, k, v) = (normal([2, 3, 4]), normal([2, 5, 4], 1), normal([2, 5, 2], 2))
    let masked = dotProductAttention(queries: q, keys: k, values: v, mask: [1, 1, 0, 1, 0])
    let some: IndexArray = [0, 1, 3]
    let short = dotProductAttention(
      queries: q, keys: k.gather(some, along: 1), values: v.gather(some, along: 1))
    #expect(close(masked, short))
    #expect(
      dotProductAttention(queries: q, keys: k, values: v, mask: [0, 0, 0, 0, 0]).scalars().allSatisfy { $0 == 0.0 })
    let none = dotProductAttention(queries: q, keys: normal([2, 0, 4]), values: normal([2, 0, 2]))
    #expect(none.shape == [2, 3, 2] && none.scalars().allSatisfy { $0 == 0.0 })
  }

  @Test func `when causal sees the past alone`() {
    withDefaultDType(.float64) {
      let layer = MultiHeadAttention(4, heads: 2, key: key)
      let x = normal([1, 4, 4])
      let y = layer(x, isCausal: true, key: nil)
      for end in 1...4 {
        let short = layer(x.slice(0..<end, along: 1), isCausal: true, key: nil)
        #expect(close(y.slice(0..<end, along: 1), short))
      }
    }
  }

  @Test func `with one head is dot-product attention between maps`() {
    withDefaultDType(.float64) {
      let layer = MultiHeadAttention(4, heads: 1, memory: 3, key: key)
      let (x, memory) = (normal([2, 3, 4]), normal([2, 5, 3], 1))
      let expected = layer.output(
        dotProductAttention(queries: layer.query(x), keys: layer.key(memory), values: layer.value(memory)))
      #expect(close(layer(x, over: memory, key: nil), expected))
    }
  }

  @Test func `treats heads as independent parts of the features`() {
    withDefaultDType(.float64) {
      let layer = MultiHeadAttention(6, heads: 3, key: key), x = normal([2, 4, 6])
      let parts = (0..<3).map { h in
        func part(_ map: Linear) -> Variable { map(x).slice(2 * h..<2 * h + 2, along: 2) }
        return dotProductAttention(queries: part(layer.query), keys: part(layer.key), values: part(layer.value))
      }
      #expect(close(layer(x), layer.output(concatenate(parts, along: -1))))
    }
  }

  @Test func `permutes its result with the words, unless positions are added`() {
    withDefaultDType(.float64) {
      let block = TransformerEncoderBlock(4, heads: 2, hidden: 5, key: key)
      func apply(_ x: Variable) -> Variable { block(x.expandedDims(at: 0)).squeezed(along: 0) }
      let x = normal([4, 4]).value, positions = Variable(positionalEncoding(4, 4))
      #expect(checkEquivariance(of: apply, at: x).passes)
      #expect(!checkEquivariance(of: { apply($0 + positions) }, at: x).passes)
    }
  }

  @Test(arguments: [TransformerEncoderBlock.NormPlacement.before, .after], [1, 2])
  func `in a block passes the gradient check`(_ norm: TransformerEncoderBlock.NormPlacement, _ order: Int) {
    withDefaultDType(.float64) {
      let block = TransformerEncoderBlock(
        2, heads: 2, hidden: 3, norm: norm, activation: { tanh($0) }, dropout: 0.2, key: key)
      let x = Tensor(normal: [1, 3, 2], key: key), mask: Tensor = [[1, 1, 0]]
      func apply(_ x: Variable) -> Variable { block(x, keyMask: mask, isCausal: true, key: key) }
      let ofInput = checkGradients(of: apply, at: x, order: order)
      #expect(ofInput.passes, "\(ofInput)")
      guard order == 1 else { return }
      let ofParameters = checkGradients(for: block.parameters) { apply(Variable(x)) }
      #expect(ofParameters.passes, "\(ofParameters)")
    }
  }

  @Test func `in a block pads without a trace`() {
    withDefaultDType(.float64) {
      for norm in [TransformerEncoderBlock.NormPlacement.before, .after] {
        let block = TransformerEncoderBlock(4, heads: 2, norm: norm, key: key), x = normal([1, 5, 4])
        let padded = block(x, keyMask: [[1, 1, 1, 0, 0]])
        #expect(close(padded.slice(0..<3, along: 1), block(x.slice(0..<3, along: 1))))
      }
    }
  }

  @Test func `drops weights and units with a key alone`() {
    let block = TransformerEncoderBlock(4, heads: 2, dropout: 0.5, key: key)
    let x = Variable(Tensor(normal: [1, 3, 4], key: key))
    #expect(block(x).value.isIdentical(to: block(x, key: nil).value))
    #expect(block(x, key: key).value.isIdentical(to: block(x, key: key).value))
    #expect(block(x, key: key).value != block(x).value)
    #expect(block(x, key: key).value != block(x, key: key.stream(1)).value)
  }

  @Test func `knows positions by sines and cosines`() {
    let p = positionalEncoding(3, 4, dtype: .float64)
    #expect(p.rows(0..<1) == Tensor([0, 1, 0, 1], shape: [1, 4], dtype: .float64))
    #expect((p[2, 0] - 0.9092974268256817).magnitude < 1e-15 && (p[2, 3] - 0.9998000066665778).magnitude < 1e-15)
    #expect(positionalEncoding(2, 3).shape == [2, 3] && positionalEncoding(0, 4).shape == [0, 4])
  }
}
