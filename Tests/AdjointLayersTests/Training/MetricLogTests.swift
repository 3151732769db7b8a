import AdjointLayers
import Foundation
import Testing

@Suite struct `A log of metrics` {
  private func text(_ file: String) throws -> String { try String(contentsOfFile: file, encoding: .utf8) }

  @Test func `of comma-separated values has a line of names and quotes what it must`() throws {
    let folder = try TemporaryFolder(), file = folder.path + "/x.csv"
    let log = try MetricLog(file, format: .csv)
    try log.append(["epoch": 1, "loss": .number(0.1), "a, \"b\"": "plain"])
    #expect(try text(file) == "epoch,loss,\"a, \"\"b\"\"\"\n1,0.1,plain\n", "every line is there at once")
    try log.append(["epoch": .integer(-2), "loss": .number(.nan), "a, \"b\"": "two\nlines, \"quoted\""])
    try log.append(["epoch": 3, "loss": .number(-.infinity), "a, \"b\"": " space"])
    #expect(
      try text(file)
        == "epoch,loss,\"a, \"\"b\"\"\"\n1,0.1,plain\n-2,nan,\"two\nlines, \"\"quoted\"\"\"\n3,-inf,\" space\"\n")
  }

  @Test func `of JSON has an object on every line`() throws {
    let folder = try TemporaryFolder(), file = folder.path + "/x.jsonl"
    let log = try MetricLog(file, format: .jsonLines)
    let values: [Double] = [0.1, 1e300, .leastNonzeroMagnitude, -0.0, 1.0 / 3]
    for value in values { try log.append(["epoch": 1, "loss": .number(value), "text": "quote\" \\ \n\u{1} é"]) }
    try log.append(["other": .number(.infinity)])
    let lines = try text(file).split(separator: "\n")
    #expect(lines.count == 6 && lines.last == "{\"other\":null}")
    for (line, value) in zip(lines, values) {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect(object?["loss"] as? Double == value)
      #expect(object?["text"] as? String == "quote\" \\ \n\u{1} é")
    }
  }

  @Test func `goes on at its end, on a new line, with the same names`() throws {
    let folder = try TemporaryFolder(), file = folder.path + "/x.csv"
    try Data("epoch,\"the \"\"loss\"\",\nit is\"\r\n1,2\n3".utf8).write(to: URL(filePath: file))
    let log = try MetricLog(file, format: .csv)
    try log.append(["epoch": 4, "the \"loss\",\nit is": 5])
    #expect(try text(file).hasSuffix("1,2\n3\n4,5\n"))
    let error = #expect(throws: MetricLogError.self) { try log.append(["epoch": 4]) }
    #expect(
      error?.description
        == "\(file): a line with the names epoch where the first one has epoch, the \"loss\",\nit is")
    #expect(try text(file).hasSuffix("3\n4,5\n"))
  }

  @Test func `that cannot be written is named`() throws {
    let folder = try TemporaryFolder(), file = folder.path + "/none/x.csv"
    let expected = MetricLogError.file(.unwritable(file: file, reason: "No such file or directory"))
    #expect(throws: expected) { try MetricLog(file, format: .csv) }
    #expect(expected.description == "\(file): No such file or directory")
  }

  #if os(Linux)
  @Test func `on a full disk says so`() throws {
    let log = try MetricLog("/dev/full", format: .csv)
    #expect(throws: MetricLogError.file(.unwritable(file: "/dev/full", reason: "No space left on device"))) {
      try log.append(["epoch": 1])
    }
  }
  #endif
}
