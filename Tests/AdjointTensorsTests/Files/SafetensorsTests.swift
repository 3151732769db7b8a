import AdjointTensors
import Foundation
import Testing

/// The bytes of a file with a header and so many bytes of numbers.
func safetensors(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) } + Array(header.utf8) + data
}

/// The header of one tensor.
private func one(_ type: String, _ shape: String, _ offsets: String) -> String {
  "{\"a\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}}"
}

@Suite struct `A safetensors file` {
  @Test func `comes back as it was written`() throws {
    let folder = try TemporaryFolder(), file = folder.path + "/x.safetensors"
    let content = Safetensors(
      [
        "layers.0.weight": Tensor(normal: [3, 5], key: RandomKey(seed: 1)),
        "single": Tensor(.pi, dtype: .float64), "empty": Tensor(zeros: [2, 0, 3]),
        "wide": Tensor([.nan, .infinity, -0.0, .leastNonzeroMagnitude], dtype: .float64),
        "": Tensor([1, 2], dtype: .float32),
        "Ünicode \"quoted\"\n\u{1}": Tensor(7),
      ], metadata: ["format": "pt", "text": "tab\tbackslash\\ quote\" 😀 \u{0}"])
    try content.write(to: file)
    for read in try [Safetensors(file: file), Safetensors(bytes: content.bytes())] {
      #expect(read.metadata == content.metadata)
      #expect(read.tensors.keys.sorted() == content.tensors.keys.sorted())
      for (name, tensor) in content.tensors {
        #expect(read.tensors[name]?.isIdentical(to: tensor) ?? false, "\(name)")
      }
    }
    #expect(folder.names == ["x.safetensors"])
  }

  @Test func `has the published layout, wide types first and the numbers aligned`() {
    let content = Safetensors(
      ["b": Tensor([1], dtype: .float32), "c": Tensor([2], dtype: .float64), "a": Tensor(3, dtype: .float32)])
    let header =
      #"{"c":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[],"data_offsets":[8,12]},"#
      + #""b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let numbers: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 63]
    #expect(content.bytes() == safetensors(padded, numbers))
  }

  @Test func `without tensors is valid`() throws {
    #expect(try Safetensors(bytes: safetensors("{}")).tensors.isEmpty)
    #expect(try Safetensors(bytes: safetensors("{ }  \n")).tensors.isEmpty)
    #expect(try Safetensors(bytes: Safetensors().bytes()).tensors.isEmpty)
  }

  @Test func `may name tensors in any order and use all of JSON's escapes`() throws {
    let header =
      #"{"b":{"shape":[1],"data_offsets":[4,8],"dtype":"F32"},  "a\u00e9\ud83d\ude00\n\/":"#
      + #"{"dtype":"F32", "shape":[ 1 ], "data_offsets":[0 ,4]}, "__metadata__":{}}"#
    let read = try Safetensors(bytes: safetensors(header, [0, 0, 128, 63, 0, 0, 0, 64]))
    #expect(read.tensors["b"] == Tensor([2], dtype: .float32))
    #expect(read.tensors["aé😀\n/"] == Tensor([1], dtype: .float32))
  }

  @Test(
    arguments: [
      ("BOOL", [0, 1, 1], 3, [0, 1, 1], DType.float32), ("I8", [255, 127, 128], 3, [-1, 127, -128], .float32),
      ("U8", [255, 0], 2, [255, 0], .float32), ("I16", [254, 255, 0, 128], 2, [-2, -32768], .float32),
      ("U16", [255, 255], 1, [65535], .float32), ("I32", [0, 0, 0, 128], 1, [-2_147_483_648], .float64),
      ("U32", [255, 255, 255, 255], 1, [4_294_967_295], .float64),
      ("I64", [254, 255, 255, 255, 255, 255, 255, 255], 1, [-2], .float64),
      ("U64", [0, 0, 0, 0, 0, 0, 32, 0], 1, [9_007_199_254_740_992], .float64),
      ("F16", [0, 60, 1, 0, 255, 123, 0, 252, 0, 128], 5, [1, 0x1p-24, 65504, -.infinity, -0.0], .float32),
      ("BF16", [128, 63, 73, 192, 128, 255], 3, [1, -3.140625, -.infinity], .float32),
      ("F64", [0, 0, 0, 0, 0, 0, 240, 63], 1, [1], .float64),
    ] as [(String, [UInt8], Int, [Double], DType)])
  func `holds numbers of every type that fits into a tensor`(
    type: String, bytes: [UInt8], count: Int, expected: [Double], dtype: DType
  ) throws {
    let file = safetensors(one(type, "[\(count)]", "[0,\(bytes.count)]"), bytes)
    let read = try #require(try Safetensors(bytes: file).tensors["a"])
    #expect(read.dtype == dtype)
    #expect(read.scalars(as: Double.self).map(\.bitPattern) == expected.map(\.bitPattern))
  }

  @Test func `keeps half-precision NaN`() throws {
    let file = safetensors(one("F16", "[]", "[0,2]"), [1, 126])
    #expect(try Safetensors(bytes: file).tensors["a"]?.item().isNaN == true)
  }

  @Test(
    arguments: [
      ([1, 2, 3], "byte 3: found the end of the file where the length of the header should be"),
      (
        [0, 0, 0, 0, 0, 0, 0, 128, 123, 125],
        "byte 0: found a header of 9223372036854775808 bytes where a length in 2 ... 2 should be"
      ),
      (
        [255, 255, 255, 255, 255, 255, 255, 255, 123, 125],
        "byte 0: found a header of 18446744073709551615 bytes where a length in 2 ... 2 should be"
      ),
      (safetensors(""), "byte 8: found the end of the header where \"{\" should be"),
      (safetensors(" {}"), "byte 8: found \" {}\" where \"{\" should be"),
      (safetensors("{}x"), "byte 10: found \"x\" where the end of the header should be"),
      (safetensors("{}", [0]), "byte 10: found 1 bytes of no tensor where the end of the file should be"),
      (safetensors("{1:2}"), "byte 9: found \"1:2}\" where a name in quotation marks should be"),
      (safetensors("{\"a"), "byte 11: found the end of the header where the rest of a name should be"),
      (safetensors("{\"a\n\""), "byte 11: found \"·\"\" where the rest of a name should be"),
      (safetensors("{\"\\x\""), "byte 11: found \"x\"\" where an escape of JSON should be"),
      (safetensors("{\"\\u12g4\""), "byte 12: found \"12g4\"\" where four hexadecimal digits should be"),
      (
        safetensors("{\"\\ud800\""),
        "byte 16: found \"\"\" where the second half of a surrogate pair should be"
      ),
      (
        safetensors("{\"a\":[[[[[[[[[[[[[[[[[[[[[[["),
        "byte 13: found \"[[[[[[[[[[[[[[[[[[[[[[[\" where \"{\" should be"
      ),
      (
        safetensors("{\"a\":{}}"),
        "byte 14: found \"}}\" where dtype, shape or data_offsets in quotation marks should be"
      ),
      (
        safetensors("{\"a\":{\"dtype\":\"F32\"}}"),
        "byte 27: found \"}}\" where a comma and the rest of dtype, shape and data_offsets should be"
      ),
      (
        safetensors("{\"a\":{\"kind\":\"F32\"}}"),
        "byte 14: found \"kind\" where dtype, shape or data_offsets should be"
      ),
      (
        safetensors("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}"),
        "byte 28: found \"dtype\" again where another name should be"
      ),
      (
        safetensors(
          one("F32", "[]", "[0,4]").dropLast() + "," + one("F32", "[]", "[4,8]").dropFirst(), [0, 0, 0, 0, 0, 0, 0, 0]),
        "byte 61: found \"a\" again where another name should be"
      ),
      (
        safetensors("{\"__metadata__\":{\"a\":\"b\",\"a\":\"c\"}}"),
        "byte 33: found \"a\" again where another name should be"
      ),
      (safetensors("{\"__metadata__\":{\"a\":1}}"), "byte 29: found \"1}}\" where a text in quotation marks should be"),
      (
        safetensors(one("F32", "[-1]", "[0,4]"), [0, 0, 0, 0]),
        "byte 37: found \"-1],\"data_offsets\":[0,4]\" where an extent in 0 ... 2147483647 should be"
      ),
      (
        safetensors(one("F32", "[2147483648]", "[0,4]"), [0, 0, 0, 0]),
        "byte 37: found \"2147483648],\"data_offset\" where an extent in 0 ... 2147483647 should be"
      ),
      (
        safetensors(one("F32", "[99999999999999999999999]", "[0,4]"), [0, 0, 0, 0]),
        "byte 37: found \"99999999999999999999999]\" where an extent in 0 ... 2147483647 should be"
      ),
      (
        safetensors(one("F32", "[01]", "[0,4]"), [0, 0, 0, 0]),
        "byte 37: found \"01],\"data_offsets\":[0,4]\" where an extent in 0 ... 2147483647 should be"
      ),
      (
        safetensors(one("F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]"), [0, 0, 0, 0]),
        "byte 53: found \"1],\"data_offsets\":[0,4]}\" where the end of at most 8 extents should be"
      ),
      (
        safetensors(one("F32", "[2147483647,2147483647,2147483647]", "[0,4]"), [0, 0, 0, 0]),
        "byte 86: found 4 bytes where the bytes of shape [2147483647, 2147483647, 2147483647], more than 2⁶³, should be"
      ),
      (
        safetensors(one("F32", "[2]", "[0,4]"), [0, 0, 0, 0]),
        "byte 55: found 4 bytes where the 8 bytes of shape [2] should be"
      ),
      (
        safetensors(one("F32", "[1]", "[0,8]"), [0, 0, 0, 0]),
        "byte 58: found \"8]}}\" where an offset in 0 ... 4 should be"
      ),
      (
        safetensors(one("F32", "[1]", "[4,0]"), [0, 0, 0, 0]),
        "byte 58: found 0 where an offset from 4 on should be"
      ),
      (
        safetensors(one("F32", "[1]", "[4,8]"), [0, 0, 0, 0, 0, 0, 0, 0]),
        "byte 9: found \"a\" at 4 where one that begins at 0, where the one before ends should be"
      ),
      (
        safetensors(one("F8_E4M3", "[1]", "[0,1]"), [0]),
        "byte 22: numbers of type F8_E4M3 cannot be read; booleans, integers of 8 to 64 bits and floating-point numbers of "
          + "16 to 64 bits can"
      ),
      (
        safetensors(one("I64", "[1]", "[0,8]"), [1, 0, 0, 0, 0, 0, 32, 0]),
        "byte 62: found the integer 9007199254740993 where one that float64 holds exactly should be"
      ),
    ] as [([UInt8], String)])
  func `that does not follow the format is refused, with the place`(bytes: [UInt8], expected: String) {
    let error = #expect(throws: FileError.self) { try Safetensors(bytes: bytes, name: "f") }
    #expect(error?.description == "f, \(expected)")
  }

  @Test func `with overlapping numbers is refused`() {
    let header =
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#
    let error = #expect(throws: FileError.self) {
      try Safetensors(bytes: safetensors(header, [UInt8](repeating: 0, count: 12)), name: "f")
    }
    #expect(
      error?.description
        == "f, byte 62: found \"b\" at 4 where one that begins at 8, where the one before ends should be")
  }

  @Test func `cut off anywhere is refused`() {
    let whole = Safetensors(["a": Tensor([1, 2, 3]), "b": Tensor(4)], metadata: ["k": "v"]).bytes()
    for count in 0..<whole.count {
      #expect(throws: FileError.self, "\(count) bytes") { try Safetensors(bytes: Array(whole[..<count])) }
    }
  }

  @Test func `that is not there, or is a folder, is named`() throws {
    let folder = try TemporaryFolder()
    let missing = folder.path + "/none"
    #expect(throws: FileError.unreadable(file: missing, reason: "No such file or directory")) {
      try Safetensors(file: missing)
    }
    #expect(throws: FileError.unreadable(file: folder.path, reason: "it is not a regular file")) {
      try Safetensors(file: folder.path)
    }
    #expect(throws: FileError.unwritable(file: "\(missing)/x", reason: "No such file or directory")) {
      try Safetensors().write(to: "\(missing)/x")
    }
  }

  @Test func `replaces another one, and what a killed process left behind goes`() throws {
    let folder = try TemporaryFolder(), file = folder.path + "/x"
    for name in ["x.partial-999999999-1", "x.partial-\(getpid())-1000000", "y.partial-999999999-1", "x.partial-text"] {
      try Data([1]).write(to: URL(filePath: "\(folder.path)/\(name)"))
    }
    try Safetensors(["a": Tensor(1)]).write(to: file)
    try Safetensors(["a": Tensor(2)]).write(to: file)
    #expect(try Safetensors(file: file).tensors["a"] == 2)
    #expect(folder.names == ["x", "x.partial-\(getpid())-1000000", "x.partial-text", "y.partial-999999999-1"])
  }
}
