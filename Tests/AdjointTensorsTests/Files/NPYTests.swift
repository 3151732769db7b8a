import AdjointTensors
import Foundation
import Testing

/// The bytes of a `.npy` file.
func npy(_ header: String, _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
  let count = header.utf8.count
  let length = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
  return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(header.utf8) + data
}

private func header(_ type: String, _ shape: String, fortran: String = "False") -> String {
  "{'descr': '\(type)', 'fortran_order': \(fortran), 'shape': \(shape), }\n"
}

@Suite struct `A npy file` {
  @Test(arguments: DType.allCases, [[], [0], [5], [2, 3], [2, 0, 4], [2, 3, 4, 1, 2]])
  func `comes back as it was written`(dtype: DType, extents: [Int]) throws {
    let folder = try TemporaryFolder(), file = folder.path + "/x.npy"
    let tensor = Tensor(normal: Shape(extents), key: RandomKey(seed: 1), dtype: dtype)
    try tensor.write(npy: file)
    #expect(try Tensor(npy: file).isIdentical(to: tensor))
    let bytes = try Data(contentsOf: URL(filePath: file))
    #expect((bytes.count - tensor.count * dtype.byteCount) % 64 == 0, "the numbers are aligned")
  }

  @Test func `has the header that NumPy writes`() throws {
    let folder = try TemporaryFolder(), file = folder.path + "/x.npy"
    for (shape, text) in [([], "()"), ([3], "(3,)"), ([2, 3], "(2, 3)")] as [(Shape, String)] {
      try Tensor(ones: shape, dtype: .float32).write(npy: file)
      let bytes = try Data(contentsOf: URL(filePath: file))
      let header = String(decoding: bytes[10..<128], as: UTF8.self)
      #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': \(text), } "))
      #expect(header.last == "\n" && bytes.count == 128 + 4 * shape.elementCount)
      #expect(Array(bytes[..<10]) == [0x93, 78, 85, 77, 80, 89, 1, 0, 118, 0])
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt8])
  func `of every version is read, in both byte orders, by rows and by columns`(version: UInt8) throws {
    let little: [UInt8] = [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0], big: [UInt8] = [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6]
    let rows = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3], dtype: .float32)
    let columns = Tensor([1, 3, 5, 2, 4, 6], shape: [2, 3], dtype: .float32)
    for (type, data) in [("<i2", little), (">u2", big)] {
      #expect(try Tensor(npy: npy(header(type, "(2, 3)"), data, version: version)) == rows)
      #expect(try Tensor(npy: npy(header(type, "(2, 3)", fortran: "True"), data, version: version)) == columns)
    }
  }

  @Test func `by columns has its axes in the right order`() throws {
    let data = (0..<24).map { UInt8($0) }
    let read = try Tensor(npy: npy(header("|u1", "(2, 3, 4)", fortran: "True"), data))
    for i in 0..<2 { for j in 0..<3 { for k in 0..<4 { #expect(read[i, j, k] == Double(i + 2 * j + 6 * k)) } } }
    #expect(try Tensor(npy: npy(header("|u1", "()", fortran: "True"), [7])) == Tensor(7, dtype: .float32))
    #expect(try Tensor(npy: npy(header("|u1", "(0, 2)", fortran: "True"), [])).shape == [0, 2])
  }

  @Test(
    arguments: [
      ("|b1", [1], 1, DType.float32), ("|i1", [255], -1, .float32), (">i4", [255, 255, 255, 254], -2, .float64),
      ("<u4", [255, 255, 255, 255], 4_294_967_295, .float64), (">i8", [0, 0, 0, 0, 0, 0, 1, 0], 256, .float64),
      ("<u8", [7, 0, 0, 0, 0, 0, 0, 0], 7, .float64), (">f2", [60, 0], 1, .float32),
      (">f4", [63, 128, 0, 0], 1, .float32),
      ("<f8", [0, 0, 0, 0, 0, 0, 240, 63], 1, .float64), (">f8", [63, 240, 0, 0, 0, 0, 0, 0], 1, .float64),
      ("=f4", [0, 0, 128, 63], 1, .float32), ("f4", [0, 0, 128, 63], 1, .float32),
    ] as [(String, [UInt8], Double, DType)])
  func `holds numbers of every type that fits into a tensor`(
    type: String, data: [UInt8], expected: Double, dtype: DType
  ) throws {
    let read = try Tensor(npy: npy(header(type, "()"), data))
    #expect(read.item() == expected && read.dtype == dtype && read.shape == [])
  }

  @Test func `is read however its header is spaced`() throws {
    let text = "{\"shape\":(2L,),\n 'fortran_order' :False,'descr':\"|u1\"}    \n"
    #expect(try Tensor(npy: npy(text, [3, 4])) == Tensor([3, 4], dtype: .float32))
  }

  @Test(
    arguments: [
      ([], "byte 0: found other bytes where \\x93NUMPY should be"),
      ([0x93, 78, 85, 77, 80, 89, 1], "byte 7: found the end of the file where a version and a length should be"),
      (npy("", [], version: 4), "byte 6: found version 4.0 where 1.0, 2.0 or 3.0 should be"),
      (
        [0x93, 78, 85, 77, 80, 89, 2, 0, 255, 255, 255, 255],
        "byte 8: found a header of 4294967295 bytes where a length in 0 ... 0 should be"
      ),
      (npy("", []), "byte 10: found the end of the header where \"{\" should be"),
      (
        npy("{'descr': '<f4', }", []),
        "byte 28: found the end of the header where a header with descr, fortran_order and shape should be"
      ),
      (
        npy("{'descr': '<f4', 'descr': '<f4'}", []),
        "byte 27: found 'descr' where one of descr, fortran_order and shape should be"
      ),
      (npy("{'other': 1}", []), "byte 11: found 'other' where one of descr, fortran_order and shape should be"),
      (npy("{'fortran_order': Maybe}", []), "byte 28: found \"Maybe}\" where True or False should be"),
      (npy("{'shape': (-1,)}", []), "byte 21: found \"-1,)}\" where an extent in 0 ... 2147483647 should be"),
      (npy("{'shape': 3}", []), "byte 20: found \"3}\" where \"(\" should be"),
      (
        npy(header("<f4", "(2,)"), [0, 0, 0, 0]),
        "byte 68: found 4 bytes where the 8 bytes of shape [2] should be"
      ),
      (
        npy(header("<f4", "(1,)"), [0, 0, 0, 0, 1]),
        "byte 68: found 5 bytes where the 4 bytes of shape [1] should be"
      ),
      (
        npy(header("<f4", "(2147483647, 2147483647, 2147483647)"), [0]),
        "byte 100: found 1 bytes where the bytes of shape [2147483647, 2147483647, 2147483647], more than 2⁶³, should be"
      ),
      (
        npy(header("<c8", "(1,)"), []),
        "byte 20: numbers of type <c8 cannot be read; booleans, integers of 8 to 64 bits and floating-point numbers of 16 to 64 "
          + "bits can"
      ),
      (
        npy("{'descr': [('a', '<f4')]}", []),
        "byte 20: numbers of type of several fields cannot be read; booleans, integers of 8 to 64 bits and floating-point numbers "
          + "of 16 to 64 bits can"
      ),
    ] as [([UInt8], String)])
  func `that does not follow the format is refused, with the place`(bytes: [UInt8], expected: String) {
    let error = #expect(throws: FileError.self) { try Tensor(npy: bytes, name: "f") }
    #expect(error?.description == "f, \(expected)")
  }

  @Test func `of integers is read as indices`() throws {
    let folder = try TemporaryFolder(), file = folder.path + "/x.npy"
    try IndexArray([3, -1, 2_147_483_647]).write(npy: file)
    #expect(try IndexArray(npy: file) == [3, -1, 2_147_483_647])
    for (bytes, message) in [
      (npy(header("<f4", "(1,)"), [0, 0, 0, 0]), "byte 10: found float32 numbers where integers should be"),
      (npy(header("|u1", "(1, 1)"), [0]), "byte 10: found shape [1, 1] where one axis should be"),
      (
        npy(header("<i8", "(2,)"), [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]),
        "byte 76: found 4294967296 where an index of 32 bits should be"
      ),
    ] {
      try Data(bytes).write(to: URL(filePath: file))
      let error = #expect(throws: FileError.self) { try IndexArray(npy: file) }
      #expect(error?.description == "\(file), \(message)")
    }
  }
}
