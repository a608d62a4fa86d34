#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A model's file, read and written at any place; open until this object goes.
public final class ModelFile: Sendable {
  private let descriptor: Int32

  /// Opens the file at `path` for reading; nil when there is none that can be read.
  public init?(path: String) {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return nil }
    var status = stat()
    guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(file)
      return nil
    }
    descriptor = file
  }

  /// An empty file without a name in the folder for temporary files (`TMPDIR`, else `/tmp`): its space
  /// is free again as soon as this object goes. Throws `ModelFileError`.
  init(scratch: Void) throws {
    let named = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) }
    let folder = named.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var name = Array("\(folder)/gemba-XXXXXX".utf8CString)
    descriptor = unsafe name.withUnsafeMutableBufferPointer { unsafe mkstemp($0.baseAddress!) }
    guard descriptor >= 0 else { throw ModelFileError(folder: folder, code: errno) }
    unsafe name.withUnsafeBufferPointer { _ = unsafe unlink($0.baseAddress!) }
  }

  deinit { close(descriptor) }

  /// Bytes in it.
  var size: Int {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Fills `numbers` from `position` on. Throws `ModelError.damaged` when there is not as much.
  func read(_ numbers: inout [UInt16], at position: Int) throws(ModelError) {
    let isRead = unsafe numbers.withUnsafeMutableBytes { unsafe fill($0, at: position) }
    guard isRead else { throw .damaged(reason: "it ends too early") }
    Self.exchange(&numbers)
  }

  /// The bytes of a range. Throws `ModelError.damaged` when there are not as many.
  func bytes(_ range: Range<Int>) throws(ModelError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    let isRead = unsafe bytes.withUnsafeMutableBytes { unsafe fill($0, at: range.lowerBound) }
    guard isRead else { throw .damaged(reason: "it ends too early") }
    return bytes
  }

  private func fill(_ buffer: UnsafeMutableRawBufferPointer, at position: Int) -> Bool {
    var filled = 0
    while filled < buffer.count {
      let count = unsafe pread(
        descriptor, buffer.baseAddress! + filled, buffer.count - filled, position + filled)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      filled += count
    }
    return true
  }

  /// Writes `numbers` at `position`. Throws `ModelFileError`.
  func write(_ numbers: [UInt16], at position: Int) throws {
    var small = numbers
    Self.exchange(&small)
    var written = 0
    while written < 2 * small.count {
      let count = unsafe small.withUnsafeBytes { buffer in
        unsafe pwrite(
          descriptor, buffer.baseAddress! + written, buffer.count - written, position + written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw ModelFileError(folder: "TMPDIR", code: errno) }
      written += count
    }
  }

  /// Between the order of bytes in files, the lowest first, and that of the machine.
  private static func exchange(_ numbers: inout [UInt16]) {
    guard UInt16(littleEndian: 1) != 1 else { return }
    for i in numbers.indices { numbers[i] = numbers[i].byteSwapped }
  }
}

/// Numbers that stay in a file until they are looked at.
public struct FiledNumbers: Sendable, Hashable {
  let file: ModelFile
  /// Where they begin, bytes.
  let start: Int
  let count: Int

  /// Some of them. Throws `ModelError.damaged` when the file was cut.
  func numbers(_ range: Range<Int>) throws(ModelError) -> [UInt16] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count)")
    var numbers = [UInt16](repeating: 0, count: range.count)
    try file.read(&numbers, at: start + 2 * range.lowerBound)
    return numbers
  }

  public static func == (a: FiledNumbers, b: FiledNumbers) -> Bool {
    a.file === b.file && a.start == b.start && a.count == b.count
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(file))
    hasher.combine(start)
  }
}

/// Why a file for the model in work cannot be had.
public struct ModelFileError: Error, Hashable, CustomStringConvertible {
  var folder: String
  var code: Int32

  public var description: String {
    "\(folder): no file for the model in work (\(unsafe String(cString: strerror(code)))); free space, or "
      + "set TMPDIR to a folder with more"
  }
}
