import AdjointLayers
import Testing

@Suite struct `Embedding as a layer` {
  let key = RandomKey(seed: 8)

  // 001-03
  @Test func `has a vector of its own for every entity, and gradients for those in use alone`() throws {
    let table = Embedding(5, 3, key: key)
    #expect(table.parameterCount == 15 && table.count == 5)
    let gradients = try valueWithGradients { try square(table([3, 1, 3])).sum() }.gradients
    let w = table.weight.value
    let rows = try #require(gradients.rows(of: table.$weight))
    #expect(rows.rows == [1, 3])
    #expect(rows.values == 2 * concatenate([w.rows(1..<2), 2 * w.rows(3..<4)], along: 0))
    let whole = gradients[table.$weight].value
    #expect(whole.shape == [5, 3])
    for row in [0, 2, 4] { #expect(whole.rows(row..<row + 1) == [[0, 0, 0]]) }
    #expect(whole.gatherRows([1, 3]) == rows.values)
    // Reading the whole gradient does not change the rows.
    #expect(gradients.rows(of: table.$weight)?.values == rows.values)
  }

  // 001-04
  @Test func `has nothing to say of an entity that it was not made for`() {
    let table = Embedding(5, 3, key: key)
    let error = #expect(throws: UnknownEntityError.self) { try table([0, 5]) }
    #expect(error?.entity == 5 && error?.position == 1 && error?.count == 5)
    #expect(
      error?.description.hasPrefix("Embedding: entity 5 at position 1 is outside 0 ..< 5") ?? false
        && error?.description.contains("transductive") ?? false)
    #expect(throws: UnknownEntityError.self) { try table([-1]) }
  }

  // 001-05
  @Test func `has as many parameters as entities, an encoder of features has not`() {
    let counts = [10, 1000].map { Embedding($0, 4, key: key).parameterCount }
    #expect(counts == [40, 4000])
    let encoder = MLP([7, 4], key: key)
    for entities in [10, 1000] {
      #expect(encoder(Variable(Tensor(ones: [entities, 7]))).shape == [entities, 4])
      #expect(encoder.parameterCount == 7 * 4 + 4)
    }
  }

  @Test(arguments: [1, 2]) func `passes the gradient check`(_ order: Int) {
    withDefaultDType(.float64) {
      let table = Embedding(4, 2, key: key)
      let report = checkGradients(for: table.parameters, order: order) {
        let x = try? table([0, 2, 2, 3], shape: [2, 2])
        return square(x ?? 0)
      }
      #expect(report.passes && report.elements.count == 8, "\(report)")
    }
  }

  @Test func `adds up what several uses and a whole read contribute`() throws {
    let table = Embedding(4, 2, key: key)
    func gradients(_ loss: () throws -> Variable) rethrows -> Gradients { try valueWithGradients(loss).gradients }
    let twice = try gradients { try table([2, 0]).sum() + 3 * table([2]).sum() }
    #expect(twice.rows(of: table.$weight)?.rows == [0, 2])
    #expect(twice.rows(of: table.$weight)?.values == [[1, 1], [4, 4]])
    let whole = try gradients { try table([2]).sum() + table.weight.sum() }
    #expect(whole.rows(of: table.$weight) == nil)
    #expect(whole[table.$weight].value == [[1, 1], [1, 1], [2, 2], [1, 1]])
    let none = try gradients { try table([]).sum() }
    #expect(none.rows(of: table.$weight)?.rows == [] && none[table.$weight].value == Tensor(zeros: [4, 2]))
    #expect(gradients { Linear(1, 1, key: key)([[1]]).sum() }.rows(of: table.$weight) == nil)
  }

  @Test func `passes gradients on to what the table was made of`() {
    let (gathered, whole) = (Parameter([[1, 2], [3, 4]]), Parameter([[1, 2], [3, 4]]))
    let gradients = valueWithGradients {
      (gathered.wrappedValue * 2).gatherRows([1, 1]).sum() + (whole.wrappedValue * 2).sum()
    }.gradients
    #expect(gradients[gathered].value == [[0, 0], [4, 4]] && gradients[whole].value == [[2, 2], [2, 2]])
    #expect(gradients.rows(of: gathered) == nil)
  }

  @Test func `changes the rows in use alone, and what an optimizer remembers of them`() throws {
    let optimizers: [() -> any Optimizer] = [
      { SGD(learningRate: 0.1) }, { SGD(learningRate: 0.1, momentum: 0.9, weightDecay: 0.1) },
      { Adam(weightDecay: 0.1) },
    ]
    for make in optimizers {
      let table = Embedding(4, 2, key: key), start = table.weight.value, optimizer = make()
      // The same rows as a parameter of their own, read whole.
      let alone = Parameter(start.gatherRows([1, 3])), reference = make()
      for _ in 0..<3 {
        optimizer.update(table, with: try valueWithGradients { try square(table([3, 1]) - 1).sum() }.gradients)
        reference.update(
          [("alone", alone)], with: valueWithGradients { square(alone.wrappedValue - 1).sum() }.gradients)
      }
      #expect(table.weight.value.gatherRows([1, 3]).isIdentical(to: alone.value))
      #expect(table.weight.value.gatherRows([0, 2]).isIdentical(to: start.gatherRows([0, 2])))
      // Another row starts anew.
      optimizer.update(table, with: try valueWithGradients { try square(table([0]) - 1).sum() }.gradients)
      #expect(table.weight.value.gatherRows([1, 3]).isIdentical(to: alone.value))
      #expect(table.weight.value.rows(0..<1) != start.rows(0..<1))
      optimizer.update(table, with: try valueWithGradients { try table([]).sum() }.gradients)
    }
  }
}
