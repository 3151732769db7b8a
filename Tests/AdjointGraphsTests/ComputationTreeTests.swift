import AdjointGraphs
import Testing

@Suite struct `A computation tree` {
  static let table = """
      A B C D E F
    A . 0 0 0 0 1
    B . . 1 0 1 1
    C . . . 0 1 0
    D . . . . 1 0
    E . . . . . 1
    F . . . . . .

    """
  let graph: Graph, names: [String]
  init() throws { (graph, names) = try Graph.adjacencyTable(Self.table) }

  // 004-03
  @Test func `comes from a graph of six nodes, given as a table that is printed as it was read`() throws {
    #expect(graph.edgeCount == 2 * 7 && graph.isUndirected && graph.inDegrees == [1, 3, 2, 1, 4, 3])
    #expect(graph.diameter == 3 && graph.eccentricities == [3, 2, 3, 3, 2, 2])
    let printed = graph.adjacencyTable(names)
    #expect(try Graph.adjacencyTable(printed).graph.denseAdjacency() == graph.denseAdjacency())
    #expect(try Graph.adjacencyTable(printed).names == names)
    #expect(printed == Self.table)
    let triangle = "A B C\nA 0 1 1\nB 0 0\nC 0\n", whole = "A B C\nA 0 1 1\nB 1 0 0\nC 1 0 0\n"
    #expect(
      try Graph.adjacencyTable(triangle).graph.denseAdjacency() == Graph.adjacencyTable(whole).graph.denseAdjacency())
  }

  @Test(arguments: [
    ("", "line 1: found the end of the table where the names of the nodes should be"),
    ("A A\n", "line 1: found a name twice where another one should be"),
    ("A B\nA 0 1\n", "line 3: found the end of the table where the row of B should be"),
    ("A B\nB 0 1\n", "line 2: found \"B\" where \"A\" should be"),
    ("A B\nA 0 2\n", "line 2: found \"2\" where 0, 1, \".\" or \"-\" should be"),
    ("A B\nA 0 1 1\n", "line 2: found 3 entries where at most 2 should be"),
    ("A B\nA 0 1\nB 0 0\n", "line 3: found 0 for B, A where 1, as in the row of A should be"),
    ("A B\nA 0 0\nB 1 0\n", "line 3: found 1 for B, A where none, as in the row of A should be"),
    ("A\nA 0\nA 0\n", "line 3: found row 1 where the end of the table should be"),
  ])
  func `is not made of a table with a mistake, which is named`(_ table: String, _ sentence: String) {
    let error = #expect(throws: DatasetError.self) { try Graph.adjacencyTable(table) }
    #expect(error?.description == "adjacency table, " + sentence)
  }

  // 004-07
  @Test func `has the sizes that are known, while shared evaluation needs six states a level`() {
    #expect(graph.computationTreeSizes(depth: 2) == [5, 13, 10, 6, 14, 12])
    #expect(graph.computationTreeSizes(depth: 2).reduce(0, +) == 60)
    #expect(graph.computationTreeSizes(depth: 3).reduce(0, +) == 168)
    #expect(graph.computationTreeSizes(depth: 0) == [1, 1, 1, 1, 1, 1])
    for depth in 0...3 {
      for node in 0..<6 {
        #expect(
          Double(graph.computationTree(of: node, depth: depth).size) == graph.computationTreeSizes(depth: depth)[node])
      }
      // An entry of six states for the features and for each level.
      let tape = Tape(), x = tape.variable(Tensor(ones: [6, 1]))
      let h = tape.recording { (0..<depth).reduce(x) { h, _ in graph.mean(.source(h)) } }
      #expect(h.shape == [6, 1] && tape.count == depth + 1)
    }
  }

  // 001-31, 004-05, 004-09
  @Test func `evaluated node by node gives the row of the layers`() {
    let x = Tensor(normal: [6, 3], key: RandomKey(seed: 1), dtype: .float64)
    let layers = withDefaultDType(.float64) { (0..<3).map { MeanConv(3, 3, key: RandomKey(seed: 2).stream($0)) } }
    let z = layers.reduce(Variable(x)) { h, layer in tanh(layer(h, on: graph)) }
    for node in 0..<6 {
      let root = graph.computationTree(of: node, depth: 3).evaluate(depth: 3, leaf: { Variable(x.rows($0..<$0 + 1)) }) {
        (level: Int, own: Variable, neighbours: [Variable]) in
        let mean = neighbours.dropFirst().reduce(neighbours[0], +) / Variable(Double(neighbours.count))
        let layer = layers[level - 1]
        return tanh(matmul(mean, layer.neighbourWeight) + matmul(own, layer.ownWeight))
      }
      #expect(abs(root.value - z.value.rows(node..<node + 1)).max().item() < 1e-12)
    }
  }

  // 004-08
  @Test func `reaches the whole graph at the depth of the node's eccentricity`() {
    for node in 0..<6 {
      for layers in 0...3 {
        let reached = graph.receptiveField(of: node, layers: layers).joined().count
        #expect((reached == 6) == (layers >= graph.eccentricities[node] ?? .max))
      }
    }
    #expect(graph.receptiveField(of: 0, layers: 3) == [[0], [5], [1, 4], [2, 3]])
  }

  @Test func `is printed and drawn`() {
    let tree = graph.computationTree(of: 0, depth: 2)
    #expect(tree.text { names[$0] } == "A\n└─ F\n   ├─ A\n   ├─ B\n   └─ E\n")
    let picture = tree.svg { names[$0] }
    #expect(picture.hasPrefix("<svg ") && picture.hasSuffix("</svg>\n"))
    #expect(picture.split(separator: "<text ").count - 1 == tree.size)
    #expect(picture.split(separator: "<line ").count - 1 == tree.size - 1)
    let field = graph.receptiveFieldSVG(of: 0, layers: 2) { "<\(names[$0])&>" }
    #expect(field.contains("&lt;A&amp;&gt;") && field.split(separator: "<text ").count - 1 == 4)
  }
}
