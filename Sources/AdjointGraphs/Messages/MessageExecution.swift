/// How messages are reduced in the current scope.
enum MessageExecution {
  @TaskLocal static var materialises = false
}

/// Runs `body` with every message materialised, a row for each edge, before it is reduced: what a fused layer is compared with.
///
///     let plain = withMaterialisedMessages { layer(x, on: graph) }
///
/// - Parameter body: The code to run.
/// - Returns: What `body` returns.
public func withMaterialisedMessages<Result>(_ body: () throws -> Result) rethrows -> Result {
  try MessageExecution.$materialises.withValue(true, operation: body)
}
