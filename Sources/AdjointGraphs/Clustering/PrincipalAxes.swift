/// Points seen along the two directions in which they vary most.
///
///     C = Xᵀ X / N = V diag(λ) Vᵀ          X: [N, D], centred;  coordinates: X (v₁, v₂)
///
/// The sign of an axis means nothing.
///
/// Source: Pearson, *On Lines and Planes of Closest Fit to Systems of Points in Space*, Philosophical Magazine 2, 1901.
public struct PrincipalAxes: Sendable {
  /// The points in the plane of the two axes, `[N, 2]`.
  public let coordinates: Tensor
  /// The part of the variance, from 0 to 1, that lies along each of the two; 0 if the points do not vary.
  public let shares: [Double]

  /// Finds the two directions.
  ///
  /// - Parameter points: `[N, D]`, with N at least 1 and D at least 2; others stop the program.
  /// - Complexity: O(N D² + D³).
  public init(of points: Tensor) {
    require(
      points.rank == 2 && points.shape[0] >= 1 && points.shape[1] >= 2,
      "PrincipalAxes: points of shape \(points.shape); they are [N, D], with N at least 1 and D at least 2")
    let x = Variable(points), centred = x - x.mean(along: 0)
    let (values, vectors) = symmetricEigen(
      matmul(centred, centred, transposingLeft: true) / Variable(Double(points.shape[0])))
    // The values ascend.
    let width = points.shape[1], axes = vectors.transposed().value.gatherRows([width - 1, width - 2])
    coordinates = matmul(centred.value, axes, transposingRight: true)
    let total = values.sum().item()
    shares = values.scalars(as: Double.self).suffix(2).reversed().map { total > 0 ? Swift.max(0, $0 / total) : 0 }
  }
}
