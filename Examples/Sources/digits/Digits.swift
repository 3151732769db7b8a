import Adjoint
import Foundation

/// Images of handwritten digits, 8 × 8 pixels large, with what they show.
struct Digits {
  static let side = 8
  /// The ink of every pixel in 0 ... 1, an image after the other.
  let pixels: [Float]
  /// The digits.
  let labels: [Int]

  var count: Int { labels.count }

  /// Reads the images: 64 numbers from 0 to 16 in a line, and the digit.
  init(file: String) throws {
    let text = try String(contentsOfFile: file, encoding: .utf8)
    var (pixels, labels): ([Float], [Int]) = ([], [])
    for (position, line) in text.split(separator: "\n").enumerated() {
      let numbers = line.split(separator: ",").compactMap { Int($0) }
      guard numbers.count == 65, numbers.dropLast().allSatisfy((0...16).contains), (0...9).contains(numbers[64]) else {
        throw DigitsError.malformed(file: file, line: position + 1)
      }
      pixels += numbers.dropLast().map { Float($0) / 16 }
      labels.append(numbers[64])
    }
    (self.pixels, self.labels) = (pixels, labels)
  }

  /// Some of the images as rows and what they show.
  ///
  /// - Parameters:
  ///   - indices: Which images.
  ///   - key: If given, every image is moved by up to a pixel in both directions, each in its own way.
  /// - Returns: `[N, 64]` pixels and N digits.
  func batch(_ indices: some Collection<Int>, shiftedBy key: RandomKey? = nil) -> (images: Variable, labels: IndexArray)
  {
    let draws = key?.bits(count: 2 * indices.count)
    var rows = [Float](repeating: 0, count: indices.count * 64)
    for (row, index) in indices.enumerated() {
      let right = draws.map { Int($0[2 * row] % 3) - 1 } ?? 0, down = draws.map { Int($0[2 * row + 1] % 3) - 1 } ?? 0
      for y in 0..<Self.side {
        for x in 0..<Self.side {
          let (fromX, fromY) = (x - right, y - down)
          guard (0..<Self.side).contains(fromX), (0..<Self.side).contains(fromY) else { continue }
          rows[row * 64 + y * Self.side + x] = pixels[index * 64 + fromY * Self.side + fromX]
        }
      }
    }
    return (Variable(Tensor(rows, shape: [indices.count, 64])), IndexArray(indices.map { labels[$0] }))
  }
}

/// What is wrong with the file of digits.
enum DigitsError: Error, CustomStringConvertible {
  case malformed(file: String, line: Int)

  var description: String {
    switch self {
    case .malformed(let file, let line): "\(file), line \(line): not 64 pixels in 0 ... 16 and a digit"
    }
  }
}
