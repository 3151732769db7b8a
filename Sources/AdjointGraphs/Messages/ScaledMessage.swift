/// A message that has a factor, which some reductions materialise.
protocol ScaledMessage: Message {
  /// The blocks that the factor is made in, if it is materialised; one if it fits.
  func factorBlocks(_ reduction: Reduction, on graph: Graph) -> EdgeBlocks?

  /// The same message with its factor computed, unless reductions can do without it or it is to be computed in blocks.
  func withFactor(for reductions: [Reduction], on graph: Graph) -> any Message

  /// Why no kernel does a reduction; nil if none ever does.
  func obstacle(_ reduction: Reduction, on graph: Graph) -> String?
}
