import Foundation

/// A value in a line of results.
enum JSONValue: CustomStringConvertible {
  case text(String), integer(Int), number(Double), list([JSONValue]), none

  var description: String {
    switch self {
    case .text(let text): "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    case .integer(let value): "\(value)"
    case .number(let value): value.isFinite ? "\(value)" : "null"
    case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    case .none: "null"
    }
  }

  /// A number rounded to some significant digits; none for nil.
  static func rounded(_ value: Double?, to digits: Int = 5) -> JSONValue {
    guard let value else { return .none }
    return .number(Double(String(format: "%.\(digits)g", value)) ?? value)
  }
}

/// Keys and values in their order.
typealias JSONFields = [(key: String, value: JSONValue)]

/// Prints an object on a line of its own.
func printLine(_ fields: JSONFields) {
  print("{" + fields.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}")
  fflush(nil)
}
