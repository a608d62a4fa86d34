#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file with the faults of the file system told apart.
final class OpenFile {
  /// Open until this object goes.
  let descriptor: Int32
  /// Its size when it was opened, ≥ 1.
  let size: Int
  private let path: String
  private let before: stat

  /// Opens the file at `path` for reading.
  init(_ path: String, maximumBytes: Int) throws(PNGError) {
    // Without blocking: opening a pipe that nobody writes to would wait for ever.
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw Self.openError(path, errno) }
    descriptor = file
    self.path = path
    do throws(PNGError) {
      before = try Self.status(of: file, path)
      size = Int(before.st_size)
      guard before.st_mode & S_IFMT != S_IFDIR else { throw PNGError.isFolder(path: path) }
      guard before.st_mode & S_IFMT == S_IFREG else { throw PNGError.notAFile(path: path) }
      guard size > 0 else { throw PNGError.empty(path: path) }
      guard size <= maximumBytes else {
        throw PNGError.tooManyBytes(path: path, bytes: size, maximum: maximumBytes)
      }
    } catch {
      close(file)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// Throws when the file has changed or gone since it was opened.
  func confirmUnchanged() throws(PNGError) {
    let after = try Self.status(of: descriptor, path)
    guard after.st_size == before.st_size, after.st_mtim.tv_sec == before.st_mtim.tv_sec,
      after.st_mtim.tv_nsec == before.st_mtim.tv_nsec
    else { throw .stillBeingWritten(path: path) }
    guard after.st_nlink > 0 else { throw .vanished(path: path) }
  }

  /// Goes back to the first byte.
  func rewind() throws(PNGError) {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw .readFailed(path: path, code: errno)
    }
  }

  /// Reads from where the file stands until `bytes` is full or the file ends; returns how many came.
  func fill(_ bytes: inout [UInt8]) throws(PNGError) -> Int {
    var filled = 0
    while filled < bytes.count {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe read(descriptor, buffer.baseAddress! + filled, buffer.count - filled)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .readFailed(path: path, code: errno) }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  private static func status(of file: Int32, _ path: String) throws(PNGError) -> stat {
    var status = stat()
    guard unsafe fstat(file, &status) == 0 else { throw .readFailed(path: path, code: errno) }
    return status
  }

  private static func openError(_ path: String, _ code: Int32) -> PNGError {
    switch code {
    case ENOENT, ENOTDIR: .notFound(path: path)
    case EACCES, EPERM: .noPermission(path: path)
    default: .readFailed(path: path, code: code)
    }
  }
}

/// A file read whole.
enum FileBytes {
  /// Replaces `bytes` with the content of the file at `path`.
  static func read(_ path: String, maximumBytes: Int, into bytes: inout [UInt8])
    throws(PNGError)
  {
    let file = try OpenFile(path, maximumBytes: maximumBytes)
    if bytes.count != file.size { bytes = [UInt8](repeating: 0, count: file.size) }
    // Shorter than its own size said a moment ago: somebody cut or rewrites it.
    guard try file.fill(&bytes) == file.size else { throw .stillBeingWritten(path: path) }
    try file.confirmUnchanged()
  }
}
