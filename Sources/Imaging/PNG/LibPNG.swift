import CPNGShim

/// The general path: every PNG there is, exactly, through libpng behind the shim.
enum LibPNG {
  /// Decodes `bytes`; faults name `name`.
  static func decode(_ bytes: [UInt8], name: String, maximumPixels: Int)
    -> Result<DecodedImage, PNGError>
  {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let reader = unsafe gemba_png_open(buffer.baseAddress, buffer.count) else {
        return .failure(.readFailed(path: name, code: 12))
      }
      defer { unsafe gemba_png_close(reader) }
      return Result { () throws(PNGError) in
        unsafe try decode(reader, name, maximumPixels)
      }
    }
  }

  private static func decode(_ reader: OpaquePointer, _ name: String, _ maximumPixels: Int)
    throws(PNGError) -> DecodedImage
  {
    var header = gemba_png_header()
    unsafe try check(gemba_png_read_header(reader, &header), reader, header, name)
    let width = Int(header.width)
    let height = Int(header.height)
    guard width.multipliedReportingOverflow(by: height).partialValue <= maximumPixels,
      width <= maximumPixels, height <= maximumPixels
    else {
      throw .tooLarge(path: name, width: width, height: height, maximumPixels: maximumPixels)
    }
    let channels = Int(header.channels)
    if header.bits == 16 {
      var samples = [UInt16](repeating: 0, count: width * height * channels)
      let status = unsafe samples.withUnsafeMutableBytes { buffer in
        unsafe read(reader, header, buffer, stride: width * channels * 2)
      }
      unsafe try check(status, reader, header, name)
      return .gray16(
        WidePlane(
          width: width, height: height,
          pixels: channels == 1 ? samples : Luminance.wide(samples)))
    }
    var samples = [UInt8](repeating: 0, count: width * height * channels)
    let status = unsafe samples.withUnsafeMutableBytes { buffer in
      unsafe read(reader, header, buffer, stride: width * channels)
    }
    unsafe try check(status, reader, header, name)
    return .gray8(
      Plane(
        width: width, height: height, pixels: channels == 1 ? samples : Luminance.narrow(samples)))
  }

  private static func read(
    _ reader: OpaquePointer, _ header: gemba_png_header, _ buffer: UnsafeMutableRawBufferPointer,
    stride: Int
  ) -> Int32 {
    let pixels = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    let status = unsafe gemba_png_read_image(reader, pixels, stride)
    return status == Int32(GEMBA_PNG_OK) ? unsafe gemba_png_read_end(reader) : status
  }

  private static func check(
    _ status: Int32, _ reader: OpaquePointer, _ header: gemba_png_header, _ name: String
  ) throws(PNGError) {
    switch Int(status) {
    case GEMBA_PNG_OK: return
    case GEMBA_PNG_TRUNCATED:
      throw .truncated(
        path: name, rowsRead: Int(unsafe gemba_png_rows_read(reader)), of: Int(header.height))
    default:
      let message = unsafe String(cString: gemba_png_message(reader))
      throw .corrupt(path: name, reason: message)
    }
  }
}
