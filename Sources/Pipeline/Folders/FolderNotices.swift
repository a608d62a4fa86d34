import CFolders
import FactoryModel
import Foundation

#if os(Linux)
  /// Tells at once when a file in some folders has been closed by its writer, or moved in whole:
  /// inotify (man 7 inotify). Folders below are watched too. For one thread.
  @safe final class FolderNotices {
    private let queue: Int32
    /// Folders by the number the kernel gave them.
    private var folders: [Int32: String] = [:]

    /// Watches some folders.
    /// - Returns: nil where that is not reliable: one is no folder, or lies on a drive that other
    ///   machines write to, of which the kernel here hears nothing.
    init?(_ paths: [String]) {
      queue = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
      guard queue >= 0 else { return nil }
      for path in paths {
        guard ImageList.isFolder(path), unsafe gemba_is_local_folder(path) == 1, add(path) else {
          return nil
        }
      }
    }

    deinit {
      if queue >= 0 { close(queue) }
    }

    /// Files that became complete, in order; none when `limit` passes without one.
    func wait(for limit: Duration) -> [String] {
      var request = pollfd(fd: queue, events: Int16(POLLIN), revents: 0)
      let milliseconds = Int32(clamping: limit.inNanoseconds / 1_000_000)
      guard unsafe poll(&request, 1, milliseconds) > 0 else { return [] }
      var bytes = [UInt8](repeating: 0, count: 65_536)
      let count = unsafe read(queue, &bytes, bytes.count)
      guard count > 0 else { return [] }
      return files(in: bytes[..<count])
    }

    /// Watches a folder and those below it, links left out.
    private func add(_ folder: String) -> Bool {
      let events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE
      let number = unsafe inotify_add_watch(queue, folder, UInt32(events))
      guard number >= 0 else { return false }
      folders[number] = folder
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for name in names where !name.hasPrefix(".") {
        let path = Self.joined(folder, name)
        if ImageList.isFolder(path), !add(path) { return false }
      }
      return true
    }

    /// Reads `struct inotify_event`s: folder, mask, cookie, length of the name, name.
    private func files(in bytes: ArraySlice<UInt8>) -> [String] {
      var files: [String] = []
      var place = bytes.startIndex
      func word(_ offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[place + offset + $1]) << UInt32(8 * $1) }
      }
      while place + 16 <= bytes.endIndex {
        let (number, mask, length) = (Int32(bitPattern: word(0)), word(4), Int(word(12)))
        let name = bytes[(place + 16)..<min(place + 16 + length, bytes.endIndex)]
        place += 16 + length
        guard let folder = folders[number], !name.isEmpty, name.first != UInt8(ascii: ".") else {
          continue
        }
        let text = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        let path = Self.joined(folder, text)
        if mask & UInt32(IN_ISDIR) != 0 {
          _ = add(path)
        } else if mask & UInt32(IN_CLOSE_WRITE | IN_MOVED_TO) != 0 {
          files.append(path)
        }
      }
      return files
    }

    private static func joined(_ folder: String, _ name: String) -> String {
      folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }
  }
#else
  /// Elsewhere folders are listed.
  final class FolderNotices {
    init?(_ paths: [String]) { return nil }
    func wait(for limit: Duration) -> [String] { [] }
  }
#endif
