import CPNGShim

/// One libpng reader over a file in memory or on disk: its header, then its rows.
///
/// Safe because the pointer is made and freed here and never leaves.
@safe final class LibPNGReader {
  private let header: gemba_png_header
  private let reader: OpaquePointer
  private let name: String

  /// Reads the header of `bytes`, which must stay where they are as long as this object.
  convenience init(
    _ bytes: UnsafeBufferPointer<UInt8>, name: String, limits: PNGLimits
  ) throws(PNGError) {
    unsafe try self.init(gemba_png_open(bytes.baseAddress, bytes.count), name, limits)
  }

  /// Reads the header of `file` from where it stands.
  convenience init(_ file: OpenFile, name: String, limits: PNGLimits) throws(PNGError) {
    unsafe try self.init(gemba_png_open_file(file.descriptor), name, limits)
  }

  /// Throws when the image is beyond `limits`: in pixels, or, where all samples have to be held
  /// because it is interlaced, in bytes.
  private init(_ opened: OpaquePointer?, _ name: String, _ limits: PNGLimits) throws(PNGError) {
    guard let opened = unsafe opened else { throw .readFailed(path: name, code: 12) }
    var header = gemba_png_header()
    let most = UInt64(max(0, limits.maximumPixels))
    let status = unsafe gemba_png_read_header(opened, most, &header)
    guard status == Int32(GEMBA_PNG_OK) else {
      defer { unsafe gemba_png_close(opened) }
      guard status != Int32(GEMBA_PNG_TOO_LARGE) else {
        throw .tooLarge(
          path: name, width: Int(header.width), height: Int(header.height),
          maximumPixels: limits.maximumPixels)
      }
      throw unsafe Self.fault(status, opened, header, name)
    }
    unsafe reader = opened
    self.header = header
    self.name = name
    guard !isInterlaced || stride * height <= limits.maximumSampleBytes else {
      throw .tooManySamples(
        path: name, bytes: stride * height, maximum: limits.maximumSampleBytes)
    }
  }

  deinit { unsafe gemba_png_close(reader) }

  var width: Int { Int(header.width) }
  var height: Int { Int(header.height) }
  /// Samples a pixel: 1 (gray) or 3 (RGB), of 8 bits or, when wide, 16.
  var channels: Int { Int(header.channels) }
  var isWide: Bool { header.bits == 16 }
  /// Bytes of a row of samples.
  var stride: Int { width * Int(header.channels) * Int(header.bits) / 8 }
  var isGrayBytes: Bool { header.channels == 1 && header.bits == 8 }
  var isInterlaced: Bool { header.interlaced != 0 }

  /// Reads the next `count` rows of samples to `bytes[start...]`; not for interlaced images.
  func read(_ count: Int, into bytes: inout [UInt8], at start: Int) throws(PNGError) {
    precondition(start + count * stride <= bytes.count, "\(count) rows beyond \(bytes.count)")
    let status = unsafe bytes.withUnsafeMutableBytes { buffer in
      let rows = unsafe (buffer.baseAddress! + start).assumingMemoryBound(to: UInt8.self)
      return unsafe gemba_png_read_rows(reader, rows, stride, UInt32(count))
    }
    try check(status)
  }

  /// Reads all samples of an interlaced image.
  func readInterlaced(into bytes: inout [UInt8]) throws(PNGError) {
    precondition(height * stride == bytes.count, "\(height) rows into \(bytes.count) bytes")
    let status = unsafe bytes.withUnsafeMutableBytes { buffer in
      let rows = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
      return unsafe gemba_png_read_interlaced(reader, rows, stride)
    }
    try check(status)
  }

  /// Reads what follows the pixels.
  func readEnd() throws(PNGError) { unsafe try check(gemba_png_read_end(reader)) }

  private func check(_ status: Int32) throws(PNGError) {
    guard status != Int32(GEMBA_PNG_OK) else { return }
    throw unsafe Self.fault(status, reader, header, name)
  }

  private static func fault(
    _ status: Int32, _ reader: OpaquePointer, _ header: gemba_png_header, _ name: String
  ) -> PNGError {
    switch Int(status) {
    case GEMBA_PNG_TRUNCATED where header.interlaced != 0:
      .truncatedInterlaced(path: name, passesRead: Int(unsafe gemba_png_passes_read(reader)))
    case GEMBA_PNG_TRUNCATED:
      .truncated(
        path: name, rowsRead: Int(unsafe gemba_png_rows_read(reader)), of: Int(header.height))
    case GEMBA_PNG_READ_FAILED:
      .readFailed(path: name, code: unsafe gemba_png_read_error(reader))
    default: .corrupt(path: name, reason: unsafe String(cString: gemba_png_message(reader)))
    }
  }
}
