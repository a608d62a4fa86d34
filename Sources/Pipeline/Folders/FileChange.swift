import Foundation

/// Tells when a file has another content than before, by looking at it now and then.
public struct FileChange {
  private struct Stamp: Equatable {
    var bytes: Int
    var changed: Date
    /// Editors put a new file in the old one's place.
    var number: UInt64
  }

  private let path: String
  private var known: Stamp?
  private var last: Stamp?

  /// Takes the file as it is now for known.
  public init(path: String) {
    self.path = path
    known = Self.stamp(path)
    last = known
  }

  /// True once for each change, when the file is as it was at the last look: nobody writes to it.
  public mutating func isNew() -> Bool {
    let now = Self.stamp(path)
    defer { last = now }
    guard now != nil, now == last, now != known else { return false }
    known = now
    return true
  }

  private static func stamp(_ path: String) -> Stamp? {
    guard let facts = try? FileManager.default.attributesOfItem(atPath: path),
      let bytes = facts[.size] as? Int, let changed = facts[.modificationDate] as? Date
    else { return nil }
    let number = facts[.systemFileNumber] as? UInt64 ?? 0
    return Stamp(bytes: bytes, changed: changed, number: number)
  }
}
