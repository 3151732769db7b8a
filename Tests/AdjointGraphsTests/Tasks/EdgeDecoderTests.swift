import AdjointGraphs
import Testing

private let key = RandomKey(seed: 11)
private let pairs = NodePairs([(0, 1), (2, 2), (3, 0), (1, 3), (0, 1)])
private let relations: IndexArray = [0, 2, 1, 2, 0]

private let edgeDecoders: [(name: String, make: @Sendable () -> any EdgeDecoder)] = [
  ("dot", { DotDecoder() }), ("bilinear", { BilinearDecoder(4, key: key) }),
  ("MLP", { MLPDecoder(4, hidden: [5], key: key) }),
]

private let relationDecoders: [(name: String, make: @Sendable () -> any RelationDecoder)] = [
  ("bilinear", { BilinearDecoder(4, relations: 3, key: key) }),
  ("TransE", { TransEDecoder(4, relations: 3, key: key) }),
  ("DistMult", { DistMultDecoder(4, relations: 3, key: key) }),
  ("ComplEx", { ComplExDecoder(4, relations: 3, key: key) }),
]

@Suite struct `Decoders of pairs` {
  // 002-49
  @Test func `the inner product of (1, 2) and (3, −1) is 1`() {
    #expect(DotDecoder()([[1, 2], [3, -1]], of: NodePairs([(0, 1)])).value == [1])
  }

  // 001-01
  @Test func `the gradient of an inner product is the other embedding`() {
    let tape = Tape()
    let z = tape.variable([[1, 2], [3, -1]])
    let gradient = DotDecoder()(z, of: NodePairs([(0, 1)])).sum().gradients()[z]
    #expect(gradient.value == [[3, -1], [1, 2]])
  }

  // 002-50
  @Test func `a bilinear form is 13 forwards and −1 backwards`() {
    let decoder = BilinearDecoder(2, key: key)
    decoder.$weight.value = [[[1, 0], [2, 1]]]
    #expect(decoder([[1, 2], [3, -1]], of: NodePairs([(0, 1), (1, 0)])).value == [13, -1])
  }

  // 002-50
  @Test func `several relations are a stack of forms`() {
    let decoder = BilinearDecoder(4, relations: 3, key: key)
    let z = Variable(Tensor(normal: [4, 4], key: key.stream(1)))
    let scores = decoder(z, of: pairs, by: relations).scalars(as: Double.self)
    for (position, relation) in relations.enumerated() {
      let single = BilinearDecoder(4, key: key)
      single.$weight.value = decoder.$weight.value.rows(relation..<relation + 1)
      let (u, v) = pairs[position]
      #expect(abs(single(z, of: NodePairs([(u, v)])).item() - scores[position]) <= 1e-6)
    }
  }

  // 001-02
  @Test(arguments: edgeDecoders.map(\.name), [1, 2])
  func `any decoder follows any encoder under any loss`(_ name: String, _ order: Int) throws {
    let make = try #require(edgeDecoders.first { $0.name == name }).make
    withDefaultDType(.float64) {
      let decoder = make(), encoder = Linear(3, 4, key: key.stream(2))
      let labels: Variable = [1, 0, 1, 1, 0]
      let losses: [(Variable) -> Variable] = [
        { binaryCrossEntropy(logits: $0, labels) }, { squaredErrorLoss($0, labels) },
      ]
      for loss in losses {
        let report = checkGradients(
          of: { x in loss(decoder(encoder(x), of: pairs)) }, at: Tensor(normal: [4, 3], key: key.stream(3)),
          order: order)
        #expect(report.passes, "\(report)")
      }
    }
  }

  @Test(arguments: relationDecoders.map(\.name), [1, 2])
  func `scores of triples have the right gradients`(_ name: String, _ order: Int) throws {
    let make = try #require(relationDecoders.first { $0.name == name }).make
    withDefaultDType(.float64) {
      let decoder = make()
      let report = checkGradients(
        of: { z in square(decoder(z, of: pairs, by: relations)).sum() },
        at: Tensor(normal: [4, 4], key: key.stream(4)),
        order: order)
      #expect(report.passes, "\(report)")
      #expect(decoder.relationCount == 3)
    }
  }

  @Test func `no pairs have no scores`() {
    let none = NodePairs([]), z = Variable(Tensor(ones: [4, 4]))
    for entry in edgeDecoders {
      let decoder = entry.make()
      #expect(decoder(z, of: none).shape == [0])
    }
    for entry in relationDecoders {
      let decoder = entry.make()
      #expect(decoder(z, of: none, by: []).shape == [0])
    }
  }

  @Test func `TransE scores an exact translation best`() {
    let decoder = TransEDecoder(2, relations: 1, key: key)
    decoder.$translation.value = [[1, -1]]
    #expect(decoder([[0, 2], [1, 1], [2, 2]], of: NodePairs([(0, 1), (0, 2)]), by: [0, 0]).value[0] == 0)
  }

  @Test func `DistMult is symmetric and ComplEx is not`() {
    let z = Variable(Tensor(normal: [4, 4], key: key.stream(1), dtype: .float64))
    withDefaultDType(.float64) {
      let forwards = NodePairs([(0, 1)]), backwards = NodePairs([(1, 0)])
      let distMult = DistMultDecoder(4, relations: 1, key: key), complEx = ComplExDecoder(4, relations: 1, key: key)
      #expect(abs(distMult(z, of: forwards, by: [0]).item() - distMult(z, of: backwards, by: [0]).item()) < 1e-14)
      #expect(complEx(z, of: forwards, by: [0]).value != complEx(z, of: backwards, by: [0]).value)
    }
  }

  @Test func `ComplEx is the real part of a product of complex numbers`() {
    // z_u = 1 + 2i, w = 0.5 − i, and the conjugate of z_v is 3 + i.
    let decoder = ComplExDecoder(2, relations: 1, key: key)
    decoder.$diagonal.value = [[0.5, -1]]
    // (1 + 2i)(0.5 − i) = 2.5, and times 3 + i that is 7.5 + 2.5i.
    #expect(decoder([[1, 2], [3, -1]], of: NodePairs([(0, 1)]), by: [0]).value == [7.5])
  }

  // 002-51
  @Test func `a decoder learns the weights of edges`() {
    // Attenuation between transmitters on a line: the squared distance, which a bilinear form of (p, p², 1) can express.
    let positions = [0.0, 0.3, 0.5, 0.9, 1.2]
    let z = stack(
      [Variable(Tensor(positions)), Variable(Tensor(positions.map { $0 * $0 })), [1, 1, 1, 1, 1]], along: 1)
    let all = NodePairs((0..<25).map { ($0 / 5, $0 % 5) })
    let distances = (0..<25).map { positions[$0 / 5] - positions[$0 % 5] }
    let attenuation = Variable(Tensor(distances.map { $0 * $0 }))
    let decoder = BilinearDecoder(3, key: key), optimizer = Adam(learningRate: 0.1)
    var last = Double.infinity
    for _ in 0..<400 {
      let (loss, gradients) = valueWithGradients { squaredErrorLoss(decoder(z, of: all), attenuation) }
      optimizer.update(decoder, with: gradients)
      last = loss.item()
    }
    #expect(last < 1e-3)
  }

  @Test func `the loss of reconstruction is the cross-entropy of both sides`() {
    let z: Variable = [[1, 0], [2, 1], [0, -1]]
    let loss = reconstructionLoss(DotDecoder(), z, edges: NodePairs([(0, 1)]), nonEdges: NodePairs([(0, 2), (1, 2)]))
    // Scores 2; 0 and −1.
    let expected = 0.126928011 + (0.693147181 + 0.313261688) / 2
    #expect(abs(loss.item() - expected) < 1e-6)
    #expect(reconstructionLoss(DotDecoder(), z, edges: NodePairs([]), nonEdges: NodePairs([])).item() == 0)
  }
}
