/// The karate club that split in two: 34 members, 78 friendships, and the side that each member took.
///
/// Source: W. W. Zachary, *An Information Flow Model for Conflict and Fission in Small Groups*, Journal of Anthropological
/// Research 33(4), 1977, figures 1 and 3. Members are numbered from 0: 0 is the instructor, 33 the club's administrator.
public enum KarateClub {
  /// The friendships, in both directions.
  public static let graph: Graph = {
    do {
      return try Graph(nodeCount: 34, undirected: friendships)
    } catch {
      stop("KarateClub: \(error)")
    }
  }()

  /// The faction that each member joined: 0 for the instructor's, 1 for the administrator's; 17 members each.
  public static let labels = IndexArray((0..<34).map { instructorsSide.contains($0) ? 0 : 1 })

  /// The friendships, each once.
  public static let friendships: [(Int, Int)] = friends.flatMap { member, others in others.map { (member, $0) } }

  private static let instructorsSide: Set<Int> = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 16, 17, 19, 21]

  /// For each member, the friends with a larger number.
  private static let friends: [(Int, [Int])] = [
    (0, [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31]),
    (1, [2, 3, 7, 13, 17, 19, 21, 30]),
    (2, [3, 7, 8, 9, 13, 27, 28, 32]),
    (3, [7, 12, 13]),
    (4, [6, 10]),
    (5, [6, 10, 16]),
    (6, [16]),
    (8, [30, 32, 33]),
    (9, [33]),
    (13, [33]),
    (14, [32, 33]),
    (15, [32, 33]),
    (18, [32, 33]),
    (19, [33]),
    (20, [32, 33]),
    (22, [32, 33]),
    (23, [25, 27, 29, 32, 33]),
    (24, [25, 27, 31]),
    (25, [31]),
    (26, [29, 33]),
    (27, [33]),
    (28, [31, 33]),
    (29, [32, 33]),
    (30, [32, 33]),
    (31, [32, 33]),
    (32, [33]),
  ]
}
