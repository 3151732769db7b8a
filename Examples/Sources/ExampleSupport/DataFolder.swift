import Foundation

/// A data set that is not where it should be.
public struct MissingData: Error, CustomStringConvertible {
  /// The folder that was looked for.
  public let folder: String

  /// A sentence that says what is missing, and where it may be.
  public var description: String {
    "There is no folder \(folder). The environment variable ADJOINT_DATA names the folder above it; without it, that is "
      + "../shared/data, seen from where the program is run."
  }
}

/// The folder of a data set: in the folder that the environment variable ADJOINT_DATA names, or else in `../shared/data`.
///
/// - Parameter name: The name of the data set's own folder.
/// - Returns: Its path.
/// - Throws: ``MissingData`` if there is no such folder.
public func dataFolder(_ name: String) throws(MissingData) -> String {
  let folder = (ProcessInfo.processInfo.environment["ADJOINT_DATA"] ?? "../shared/data") + "/\(name)"
  guard FileManager.default.fileExists(atPath: folder) else { throw MissingData(folder: folder) }
  return folder
}
