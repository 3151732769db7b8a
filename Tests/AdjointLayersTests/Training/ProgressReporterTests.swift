import AdjointLayers
import Testing

/// A terminal that remembers what is shown, with a clock that tests set.
private final class Screen {
  var text = ""
  var now = 100.0

  func terminal(isInteractive: Bool, columns: Int = 200) -> ProgressReporter.Terminal {
    ProgressReporter.Terminal(
      isInteractive: isInteractive, columns: columns, write: { self.text += $0 }, seconds: { self.now })
  }
}

@Suite struct `Progress` {
  @Test func `is a plain line for every epoch where the output is no terminal`() {
    let screen = Screen()
    var progress = ProgressReporter(epochs: 3, steps: 10, terminal: screen.terminal(isInteractive: false))
    for epoch in 0..<3 {
      for step in 0..<10 {
        screen.now += 0.5
        progress.step(["loss": 1 / Double(epoch * 10 + step + 1)])
      }
      progress.endEpoch(["accuracy": 0.5])
    }
    #expect(
      screen.text == """
        epoch 1 of 3  10 steps  2 steps/s  0:10 left  loss 0.1  accuracy 0.5
        epoch 2 of 3  10 steps  2 steps/s  0:05 left  loss 0.05  accuracy 0.5
        epoch 3 of 3  10 steps  2 steps/s  0:15 in all  loss 0.03333  accuracy 0.5

        """)
  }

  @Test func `is a line that changes on a terminal, at most ten times a second`() {
    let screen = Screen()
    var progress = ProgressReporter(epochs: 2, steps: 100, terminal: screen.terminal(isInteractive: true))
    for _ in 0..<50 {
      screen.now += 0.01
      progress.step(["loss": 0.25])
    }
    let lines = screen.text.split(separator: "\r")
    #expect((5...6).contains(lines.count))
    #expect(lines.allSatisfy { $0.hasSuffix("\u{1B}[K") && !$0.contains("\n") })
    screen.text = ""
    screen.now += 0.5
    progress.step()
    #expect(
      screen.text
        == "\repoch 1 of 2  ━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌ 51 of 100  51 steps/s  0:03 left  loss 0.25\u{1B}[K")
    progress.endEpoch()
    #expect(screen.text.hasSuffix("\u{1B}[K\n"))
  }

  @Test func `is cut where the terminal ends`() {
    let screen = Screen()
    var progress = ProgressReporter(epochs: 1, steps: 5, terminal: screen.terminal(isInteractive: true, columns: 20))
    progress.step(["loss": 1])
    #expect(screen.text == "\repoch 1 of 1  ━━━━╌╌\u{1B}[K".replacing("━━━━╌╌", with: "━━━━╌"))
  }

  @Test func `counts epochs without steps, and goes on after those of an earlier run`() {
    let screen = Screen()
    var progress = ProgressReporter(epochs: 10, finished: 7, terminal: screen.terminal(isInteractive: false))
    screen.now += 60
    progress.endEpoch(["loss": .nan])
    #expect(screen.text == "epoch 8 of 10  0.0167 epochs/s  2:00 left  loss nan\n")
  }

  @Test(arguments: [
    (0.0, "0"), (1, "1"), (-1.5, "−1.5"), (123.456, "123.5"), (1234.56, "1235"), (99999, "100000"),
    (0.00012345, "0.0001235"),
    (1.23456e-7, "1.235×10⁻⁷"), (6.02e23, "6.02×10²³"), (.infinity, "inf"), (.leastNonzeroMagnitude, "4.941×10⁻³²⁴"),
    (1.7e308, "1.7×10³⁰⁸"), (0.99999, "1"),
  ])
  func `shows numbers with four digits`(value: Double, expected: String) {
    let screen = Screen()
    var progress = ProgressReporter(epochs: 1, terminal: screen.terminal(isInteractive: false))
    progress.endEpoch(["x": value])
    #expect(screen.text == "epoch 1 of 1  x \(expected)\n")
  }
}
