/// How the operations of a scope are carried out. A block that runs again for the reverse sweep finds the settings with which it
/// ran first.
package struct ExecutionSettings: Sendable {
  @TaskLocal package static var current = ExecutionSettings()

  /// Whether a message has a row for each edge before it is reduced, whatever kernel there is.
  package var materialisesMessages = false
  /// The bytes that an array with a row for each edge may have.
  package var messageBudget = 1 << 30

  /// Runs `body` with other settings.
  package static func with<Result>(_ change: (inout Self) -> Void, _ body: () throws -> Result) rethrows -> Result {
    var settings = current
    change(&settings)
    return try $current.withValue(settings, operation: body)
  }
}
