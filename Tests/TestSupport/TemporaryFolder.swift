import Foundation

/// A new folder that is removed with everything in it when the value goes.
public final class TemporaryFolder: Sendable {
  /// Absolute.
  public let path: String

  /// An empty folder below the system's temporary folder.
  public init() {
    path = NSTemporaryDirectory() + "gemba-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { path + "/" + name }
}
