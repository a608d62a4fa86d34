import Foundation

/// New images in folders that a camera writes to, each handed over once, when it is complete.
///
/// Where the kernel tells when a writer closes a file or moves it in (`FolderNotices`), an image is
/// handed over at that moment; the folders are listed every second besides, for what it did not
/// tell. Elsewhere, as on a network drive, they are listed every 100 ms. In a listing a file is
/// complete when its size and its time of change are the same as in the one before. A writer that
/// closes a file before it is whole is caught by the decoder, which refuses a file without its end,
/// and the file is handed over again once it has changed.
public struct FolderWatch {
  private struct Stamp: Equatable {
    var bytes: Int
    var changed: Date

    init?(_ path: String) {
      guard let facts = try? FileManager.default.attributesOfItem(atPath: path),
        let bytes = facts[.size] as? Int, let changed = facts[.modificationDate] as? Date
      else { return nil }
      (self.bytes, self.changed) = (bytes, changed)
    }
  }

  private let paths: [String]
  private var seen: [String: Stamp] = [:]
  private var done: [String: Stamp] = [:]

  /// Watches `paths`; images already there are handed over too.
  public init(paths: [String]) { self.paths = paths }

  /// The images that a listing shows to be complete since the last call, in order of their names.
  public mutating func completed() -> [String] {
    var now: [String: Stamp] = [:]
    for image in ImageList(paths: paths).images {
      guard let stamp = Stamp(image) else { continue }
      now[image] = stamp
    }
    let ready = now.filter { $0.value == seen[$0.key] && $0.value != done[$0.key] }
    seen = now
    // What left the folder is forgotten, so that memory follows the folder and not its history.
    done = done.filter { now[$0.key] != nil }.merging(ready) { _, new in new }
    return ready.keys.sorted()
  }

  /// Those of `files` that are images and have not been handed over as they are now.
  mutating func closed(_ files: [String]) -> [String] {
    var ready: [String] = []
    for file in files where file.lowercased().hasSuffix(".png") {
      guard let stamp = Stamp(file), stamp != done[file] else { continue }
      done[file] = stamp
      ready.append(file)
    }
    return ready
  }

  /// Calls `body` with every batch of completed images until `stop` is requested.
  public mutating func run(until stop: StopRequest, _ body: ([String]) throws -> Void) rethrows {
    let notices = FolderNotices(paths)
    let pause = Duration.milliseconds(notices == nil ? 100 : 1_000)
    let clock = ContinuousClock()
    var nextListing = clock.now
    // What is there already is complete when the second listing finds it unchanged.
    var isFirst = true
    while !stop.isRequested {
      if clock.now >= nextListing {
        let ready = completed()
        nextListing = clock.now + (isFirst ? .milliseconds(100) : pause)
        isFirst = false
        if !ready.isEmpty { try body(ready) }
      }
      guard let notices else {
        Thread.sleep(forTimeInterval: 0.1)
        continue
      }
      let ready = closed(notices.wait(for: .milliseconds(100)))
      if !ready.isEmpty { try body(ready) }
    }
  }
}
