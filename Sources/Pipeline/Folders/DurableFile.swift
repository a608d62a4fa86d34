import CFolders
import Foundation

/// Files and folders that appear whole or not at all, and are on the disk when the call returns.
///
/// A file is written beside its place, flushed (`fsync`) and renamed into it; then the folder is
/// flushed, so that the name survives a power cut too.
public enum DurableFile {
  /// Writes `bytes` as the file at `path`, in place of one that is there. Throws `DurableFileError`.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    try write({ take in try take(bytes) }, to: path)
  }

  private static func write(_ content: Content, to path: String) throws {
    let part = path + ".part-\(getpid())"
    do {
      try writeFlushed(content, to: part)
      guard unsafe rename(part, path) == 0 else { throw DurableFileError(path: path, code: errno) }
    } catch {
      unsafe unlink(part)
      throw error
    }
    flush(folder: PathText.folder(of: path))
  }

  /// The same for text.
  public static func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }

  /// Hands the bytes of a file to its argument, piece by piece; called once or twice.
  public typealias Content = (_ take: ([UInt8]) throws -> Void) throws -> Void

  /// Makes a folder of `files` (by name) at `path`. One that is there is replaced as a whole; what else
  /// it holds is kept. Throws `DurableFileError` and what the contents throw.
  public static func writeFolder(_ files: [String: Content], to path: String) throws {
    let manager = FileManager.default
    let place = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let part = place + ".part-\(getpid())"
    try? manager.removeItem(atPath: part)
    defer { try? manager.removeItem(atPath: part) }
    try makeFolder(part)
    for (name, content) in files { try writeFlushed(content, to: part + "/" + name) }
    guard manager.fileExists(atPath: place) else {
      guard unsafe rename(part, place) == 0 else { throw DurableFileError(path: path, code: errno) }
      flush(folder: PathText.folder(of: place))
      return
    }
    for name in try manager.contentsOfDirectory(atPath: place) where files[name] == nil {
      try manager.copyItem(atPath: place + "/" + name, toPath: part + "/" + name)
    }
    flush(folder: part)
    if unsafe gemba_exchange_folders(part, place) != 0 {
      // A file system without exchange, or a mount point: file by file.
      for (name, content) in files { try write(content, to: place + "/" + name) }
    }
    flush(folder: PathText.folder(of: place))
  }

  /// Makes the folder at `path` with those above it, unless it is there, and sees that files can be
  /// written in it. Throws `DurableFileError`.
  public static func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch { throw DurableFileError(path: path, error) }
    guard unsafe access(path, W_OK | X_OK) == 0 else {
      throw DurableFileError(path: path, code: errno)
    }
  }

  /// Sees, before long work, that `writeFolder` will find its place: the folder above `path` is made
  /// when absent, and what is at `path` must be a folder. Throws `DurableFileError`.
  public static func prepareFolder(_ path: String) throws {
    let above = PathText.folder(of: path.hasSuffix("/") ? String(path.dropLast()) : path)
    try makeFolder(above.isEmpty ? "." : above)
    if FileManager.default.fileExists(atPath: path) { try makeFolder(path) }
  }

  private static func writeFlushed(_ content: Content, to path: String) throws {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw DurableFileError(path: path, code: errno) }
    defer { close(file) }
    try content { try write($0, into: file, path) }
    guard fsync(file) == 0 else { throw DurableFileError(path: path, code: errno) }
  }

  private static func write(_ bytes: [UInt8], into file: Int32, _ path: String) throws {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Foundation.write(file, buffer.baseAddress! + written, buffer.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw DurableFileError(path: path, code: errno) }
      written += count
    }
  }

  private static func flush(folder: String) {
    let file = unsafe open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    fsync(file)
    close(file)
  }
}

/// Why a file could not be written.
public struct DurableFileError: Error, Hashable, CustomStringConvertible {
  /// Where it should have gone.
  public var path: String
  /// The system's error number.
  public var code: Int32

  /// What Foundation met when it wrote `path`.
  public init(path: String, _ error: any Error) {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
    self.init(path: path, code: cause.map { Int32(clamping: ($0 as NSError).code) } ?? EIO)
  }

  /// A failed call to the system.
  public init(path: String, code: Int32) {
    self.path = path
    self.code = code
  }

  public var description: String {
    "\(path): cannot be written (\(unsafe String(cString: strerror(code)))); check the folder, its "
      + "permissions and the space on the disk"
  }
}
