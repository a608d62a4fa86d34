import Foundation

/// New images in folders that a camera writes to, each handed over once, when it is complete.
///
/// The folders are listed every 100 ms. A file is complete when its size and its time of change are
/// the same in two listings; a writer that pauses longer is caught by the decoder, which refuses a
/// file without its end, and the file is handed over again once it has changed.
public struct FolderWatch {
  private struct Stamp: Equatable {
    var bytes: Int
    var changed: Date
  }

  private let paths: [String]
  private var seen: [String: Stamp] = [:]
  private var done: [String: Stamp] = [:]

  /// Watches `paths`; images already there are handed over too.
  public init(paths: [String]) { self.paths = paths }

  /// The images completed since the last call, in order of their names.
  public mutating func completed() -> [String] {
    var now: [String: Stamp] = [:]
    for image in ImageList(paths: paths).images {
      guard let facts = try? FileManager.default.attributesOfItem(atPath: image),
        let bytes = facts[.size] as? Int, let changed = facts[.modificationDate] as? Date
      else { continue }
      now[image] = Stamp(bytes: bytes, changed: changed)
    }
    let ready = now.filter { $0.value == seen[$0.key] && $0.value != done[$0.key] }
    seen = now
    // What left the folder is forgotten, so that memory follows the folder and not its history.
    done = done.filter { now[$0.key] != nil }.merging(ready) { _, new in new }
    return ready.keys.sorted()
  }

  /// Calls `body` with every batch of completed images until `stop` is requested.
  public mutating func run(until stop: StopRequest, _ body: ([String]) throws -> Void) rethrows {
    while !stop.isRequested {
      let ready = completed()
      if ready.isEmpty { Thread.sleep(forTimeInterval: 0.1) } else { try body(ready) }
    }
  }
}
