import Foundation
import Pipeline

/// A folder of its own for one case, until `remove`.
struct ScratchFolder {
  let path: String

  init(_ name: String) throws {
    path = NSTemporaryDirectory() + "gemba-\(name)-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// A site file in the folder.
  func siteFile(_ text: String) throws -> SiteFile {
    let file = path + "/site.yaml"
    try Data(text.utf8).write(to: URL(filePath: file))
    return try SiteFile(path: file)
  }
}
