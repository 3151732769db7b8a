/// The features of both ends of every edge, added: x[source] + z[target].
public struct EndpointSum: Message {
  let first, second: Endpoint

  /// Adds the gathered rows.
  public func each(on graph: Graph) -> Variable {
    let (a, b) = (first.each(on: graph), second.each(on: graph))
    return a.widened(to: b.rank) + b.widened(to: a.rank)
  }

  /// True.
  public var runsInBlocks: Bool { true }

  /// The sources are reduced in one pass; what the target adds is the same for all edges of a node.
  public func fused(_ reduction: Reduction, on graph: Graph) -> FusedReduction? {
    guard let (source, target) = sides, source.features.rowShape == target.features.rowShape,
      let ofSources = source.fused(reduction, on: graph), let ofTargets = target.fused(reduction, on: graph)
    else { return nil }
    return FusedReduction("\(ofSources.kernel), and \(ofTargets.kernel)") { ofSources.run() + ofTargets.run() }
  }

  /// The summand of the sources and that of the targets, if there is one of each.
  var sides: (source: Endpoint, target: Endpoint)? {
    switch (first.end, second.end) {
    case (.source, .target): (first, second)
    case (.target, .source): (second, first)
    default: nil
    }
  }
}

/// Adds the features of both ends of every edge.
public func + (a: Endpoint, b: Endpoint) -> EndpointSum { EndpointSum(first: a, second: b) }

/// Subtracts the features of one end of every edge from those of the other.
public func - (a: Endpoint, b: Endpoint) -> EndpointSum {
  EndpointSum(first: a, second: Endpoint(features: -b.features, end: b.end))
}
