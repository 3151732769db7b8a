// What libFuzzer calls: the first byte chooses a reader, the others are the file. A reader may refuse a file with a
// typed error; what it accepts must come back the same from what it writes.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Reads one file that libFuzzer has made.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzReaders(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let start, count > 0 else { return 0 }
  let bytes = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
  if start[0] % 2 == 0 { readSafetensors(bytes) } else { readNPY(bytes) }
  return 0
}

private func readSafetensors(_ bytes: [UInt8]) {
  guard let first = try? Safetensors(bytes: bytes) else { return }
  guard let second = try? Safetensors(bytes: first.bytes()) else { stop("what was written cannot be read") }
  require(second.metadata == first.metadata, "the texts have changed")
  require(second.tensors.count == first.tensors.count, "there are more or fewer tensors")
  for (name, tensor) in first.tensors {
    require(second.tensors[name]?.isIdentical(to: tensor) ?? false, "\(name) has changed")
  }
}

private func readNPY(_ bytes: [UInt8]) {
  guard let first = try? Tensor(npy: bytes) else { return }
  require(first.count <= bytes.count, "there are more numbers than bytes")
  _ = first.description
}
