#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How well two ways to divide the same things into groups agree, whatever the groups are called.
///
///     H(A) = −Σ_a p(a) ln p(a),   I(A; B) = Σ_ab p(a, b) ln (p(a, b) / (p(a) p(b)))
///
/// Source: Rosenberg & Hirschberg, *V-Measure: A conditional entropy-based external cluster evaluation measure*, EMNLP 2007;
/// Hubert & Arabie, *Comparing partitions*, Journal of Classification 2 (1985).
public struct ClusterAgreement: Sendable {
  /// How much one division tells of the other, in nats.
  public let mutualInformation: Double
  /// The entropies of the divisions, in nats.
  public let clusterEntropy: Double, classEntropy: Double
  /// The share of pairs that both divisions treat alike, corrected for chance: 1 for equal divisions, about 0 for independent ones.
  public let adjustedRandIndex: Double

  /// Compares clusters with classes.
  ///
  /// - Parameters:
  ///   - clusters: The cluster of every thing, from 0.
  ///   - classes: The class of every thing, from 0; another number of things stops the program.
  /// - Complexity: O(N) and the number of clusters times that of classes.
  public init(clusters: IndexArray, classes: IndexArray) {
    require(
      clusters.count == classes.count,
      "ClusterAgreement: \(clusters.count) clusters for \(classes.count) classes; both are one for each thing")
    let (rows, columns) = ((clusters.max() ?? -1) + 1, (classes.max() ?? -1) + 1)
    clusters.check(within: rows, operation: "ClusterAgreement", noun: "cluster")
    classes.check(within: columns, operation: "ClusterAgreement", noun: "class")
    var table = [Double](repeating: 0, count: rows * columns)
    for (cluster, label) in zip(clusters, classes) { table[cluster * columns + label] += 1 }
    var (inRow, inColumn) = ([Double](repeating: 0, count: rows), [Double](repeating: 0, count: columns))
    for (cluster, label) in zip(clusters, classes) {
      inRow[cluster] += 1
      inColumn[label] += 1
    }
    let total = Double(clusters.count)
    var information = 0.0
    for row in 0..<rows {
      for column in 0..<columns where table[row * columns + column] > 0 {
        let both = table[row * columns + column]
        information += both / total * log(both * total / (inRow[row] * inColumn[column]))
      }
    }
    mutualInformation = max(0, information)
    (clusterEntropy, classEntropy) = (entropy(inRow), entropy(inColumn))
    let (together, inClusters, inClasses) = (pairs(table), pairs(inRow), pairs(inColumn))
    let chance = total > 1 ? inClusters * inClasses / (total * (total - 1) / 2) : 0
    let most = (inClusters + inClasses) / 2
    adjustedRandIndex = most == chance ? 1 : (together - chance) / (most - chance)
  }

  /// Normalised mutual information, 2 I / (H(clusters) + H(classes)): from 0 to 1; 1 where both divisions are one group. It equals
  /// the V-measure, the harmonic mean of ``homogeneity`` and ``completeness``.
  public var normalizedMutualInformation: Double {
    let sum = clusterEntropy + classEntropy
    return sum == 0 ? 1 : 2 * mutualInformation / sum
  }

  /// Whether a cluster holds things of one class alone: I / H(classes), from 0 to 1.
  public var homogeneity: Double { classEntropy == 0 ? 1 : mutualInformation / classEntropy }

  /// Whether the things of a class are in one cluster: I / H(clusters), from 0 to 1.
  public var completeness: Double { clusterEntropy == 0 ? 1 : mutualInformation / clusterEntropy }
}

private func entropy(_ sizes: [Double]) -> Double {
  let total = sizes.reduce(0, +)
  return -sizes.reduce(0) { $1 > 0 ? $0 + $1 / total * log($1 / total) : $0 }
}

private func pairs(_ sizes: [Double]) -> Double { sizes.reduce(0) { $0 + $1 * ($1 - 1) / 2 } }
