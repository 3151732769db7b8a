/// The text of digits · 10^exponent, written out: the same for every locale.
func plainText(_ digits: Int, _ exponent: Int) -> String {
  if digits == 0 { return "0" }
  var text = String(digits.magnitude)
  if exponent < 0 {
    text = String(repeating: "0", count: Swift.max(0, 1 - exponent - text.count)) + text
    text.insert(".", at: text.index(text.endIndex, offsetBy: exponent))
  } else {
    text += String(repeating: "0", count: exponent)
  }
  return (digits < 0 ? "−" : "") + text
}

/// The text of digits · 10^exponent with a power of ten: `−1.5×10⁻⁷`.
func powerText(_ digits: Int, _ exponent: Int) -> String {
  if digits == 0 { return "0" }
  var mantissa = String(digits.magnitude)
  let power = exponent + mantissa.count - 1
  while mantissa.count > 1 && mantissa.last == "0" { mantissa.removeLast() }
  if mantissa.count > 1 { mantissa.insert(".", at: mantissa.index(after: mantissa.startIndex)) }
  let raised = String(power).map { $0 == "-" ? "⁻" : Array("⁰¹²³⁴⁵⁶⁷⁸⁹")[$0.wholeNumberValue ?? 0] as Character }
  return (digits < 0 ? "−" : "") + (mantissa == "1" ? "" : "\(mantissa)×") + "10" + String(raised)
}
