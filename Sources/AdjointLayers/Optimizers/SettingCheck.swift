/// Checks the settings of an optimizer; a wrong one stops the program with a sentence that names both.
struct SettingCheck: Sendable {
  let optimizer: StaticString

  init(_ optimizer: StaticString) { self.optimizer = optimizer }

  func learningRate(_ value: Double) { notNegative("learning rate", value) }

  func notNegative(_ setting: StaticString, _ value: Double) {
    require(value >= 0 && value.isFinite, "\(optimizer): the \(setting) \(value) is not a number from 0 on")
  }

  func positive(_ setting: StaticString, _ value: Double) {
    require(value > 0 && value.isFinite, "\(optimizer): the \(setting) \(value) is not a number above 0")
  }

  func fraction(_ setting: StaticString, _ value: Double) {
    require(value >= 0 && value < 1, "\(optimizer): the \(setting) \(value) is outside 0 ..< 1")
  }
}
