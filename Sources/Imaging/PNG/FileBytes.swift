#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file read whole, with the faults of the file system told apart.
enum FileBytes {
  /// Replaces `bytes` with the content of the file at `path`.
  static func read(_ path: String, maximumBytes: Int, into bytes: inout [UInt8])
    throws(PNGError)
  {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw openError(path, errno) }
    defer { close(file) }
    let before = try status(of: file, path)
    guard before.st_mode & S_IFMT != S_IFDIR else { throw .isFolder(path: path) }
    guard before.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    let size = Int(before.st_size)
    guard size > 0 else { throw .empty(path: path) }
    guard size <= maximumBytes else {
      throw .tooManyBytes(path: path, bytes: size, maximum: maximumBytes)
    }
    if bytes.count != size { bytes = [UInt8](repeating: 0, count: size) }
    try fill(&bytes, from: file, path)
    let after = try status(of: file, path)
    guard after.st_size == before.st_size, after.st_mtim.tv_sec == before.st_mtim.tv_sec,
      after.st_mtim.tv_nsec == before.st_mtim.tv_nsec
    else { throw .stillBeingWritten(path: path) }
    guard after.st_nlink > 0 else { throw .vanished(path: path) }
  }

  private static func fill(_ bytes: inout [UInt8], from file: Int32, _ path: String)
    throws(PNGError)
  {
    var filled = 0
    while filled < bytes.count {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(file, buffer.baseAddress! + filled, buffer.count - filled)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .readFailed(path: path, code: errno) }
      // Shorter than its own size said a moment ago: somebody cut or rewrites it.
      guard count > 0 else { throw .stillBeingWritten(path: path) }
      filled += count
    }
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
