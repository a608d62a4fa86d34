import FactoryModel
import Foundation

extension Timestamp {
  /// When a file was changed last, to the microsecond: the time of a camera's image. Nil when the
  /// file is gone.
  package init?(fileChangedAt path: String) {
    let facts = try? FileManager.default.attributesOfItem(atPath: path)
    guard let date = facts?[.modificationDate] as? Date else { return nil }
    self.init(nanoseconds: Int64((date.timeIntervalSince1970 * 1e6).rounded()) * 1_000)
  }
}
