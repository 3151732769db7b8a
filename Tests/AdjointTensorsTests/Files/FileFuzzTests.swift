import AdjointTensors
import Testing

/// Deterministic changes of good files: a quick relative of Tests/Fuzzing, which libFuzzer runs for as long as one likes.
@Suite struct `A file that was changed at random` {
  private func changed(_ bytes: [UInt8], _ key: RandomKey) -> [UInt8] {
    var bytes = bytes
    let draws = key.bits(count: 9)
    for change in 0..<Int(1 + draws[0] % 4) {
      let place = Int(draws[2 * change + 1] >> 8) % bytes.count,
        value = UInt8(truncatingIfNeeded: draws[2 * change + 2])
      switch draws[2 * change + 1] % 4 {
      case 0: bytes[place] = value
      case 1: bytes[place] ^= 1 << (value % 8)
      case 2: bytes.insert(value, at: place)
      default: if bytes.count > 1 { bytes.remove(at: place) }
      }
    }
    return bytes
  }

  @Test func `is read or refused, and what is read comes back the same`() throws {
    let good = Safetensors(
      ["a.weight": Tensor([1, 2, 3]), "b": Tensor(4, dtype: .float64)], metadata: ["format": "pt", "é": "\"\\\u{1}"]
    ).bytes()
    var refused = 0
    for number in 0..<300 {
      let bytes = changed(good, RandomKey(seed: 1).stream(number))
      do throws(FileError) {
        let first = try Safetensors(bytes: bytes), second = try Safetensors(bytes: first.bytes())
        #expect(first.metadata == second.metadata && first.tensors.keys.sorted() == second.tensors.keys.sorted())
        for (name, tensor) in first.tensors { #expect(second.tensors[name]?.isIdentical(to: tensor) ?? false) }
      } catch {
        refused += 1
      }
    }
    #expect(refused > 100 && refused < 300)
  }

  @Test func `of NumPy is read or refused`() {
    let good = npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }\n", [UInt8](0..<24))
    var refused = 0
    for number in 0..<300 {
      let bytes = changed(good, RandomKey(seed: 2).stream(number))
      do throws(FileError) {
        #expect(try Tensor(npy: bytes).count <= bytes.count)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 100 && refused < 300)
  }
}
