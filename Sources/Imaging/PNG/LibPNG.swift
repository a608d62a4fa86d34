/// The general path: every PNG there is, exactly, through libpng behind the shim.
enum LibPNG {
  /// Decodes `bytes`; faults name `name`.
  static func decode(_ bytes: [UInt8], name: String, limits: PNGLimits)
    -> Result<DecodedImage, PNGError>
  {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      Result { () throws(PNGError) in
        let reader = unsafe try LibPNGReader(buffer, name: name, limits: limits)
        return reader.isInterlaced ? try interlaced(reader) : try plain(reader)
      }
    }
  }

  private static func interlaced(_ reader: LibPNGReader) throws(PNGError) -> DecodedImage {
    var samples = [UInt8](repeating: 0, count: reader.stride * reader.height)
    try reader.readInterlaced(into: &samples)
    try reader.readEnd()
    return Samples.image(samples, rows: reader.height, of: reader)
  }

  private static func plain(_ reader: LibPNGReader) throws(PNGError) -> DecodedImage {
    let count = reader.width * reader.height
    if reader.isGrayBytes {
      var pixels = [UInt8](repeating: 0, count: count)
      try reader.read(reader.height, into: &pixels, at: 0)
      try reader.readEnd()
      return .gray8(Plane(width: reader.width, height: reader.height, pixels: pixels))
    }
    // Strip by strip, so that colour and 16 bits take no more memory than the gray they become.
    var samples: [UInt8] = []
    var narrow: [UInt8] = []
    var wide: [UInt16] = []
    if reader.isWide { wide.reserveCapacity(count) } else { narrow.reserveCapacity(count) }
    var row = 0
    while row < reader.height {
      let rows = min(Samples.strip(of: reader), reader.height - row)
      if samples.count != rows * reader.stride {
        samples = [UInt8](repeating: 0, count: rows * reader.stride)
      }
      try reader.read(rows, into: &samples, at: 0)
      switch Samples.image(samples, rows: rows, of: reader) {
      case .gray8(let plane): narrow += plane.pixels
      case .gray16(let plane): wide += plane.pixels
      }
      row += rows
    }
    try reader.readEnd()
    return reader.isWide
      ? .gray16(WidePlane(width: reader.width, height: reader.height, pixels: wide))
      : .gray8(Plane(width: reader.width, height: reader.height, pixels: narrow))
  }
}

/// Samples as libpng gives them: gray or RGB, of one byte or two in the machine's order.
enum Samples {
  /// Rows that fill about a mebibyte.
  static func strip(of reader: LibPNGReader) -> Int { max(1, (1 << 20) / reader.stride) }

  /// `rows` rows of samples in gray.
  static func image(_ samples: [UInt8], rows: Int, of reader: LibPNGReader) -> DecodedImage {
    let isGray = reader.channels == 1
    guard reader.isWide else {
      return .gray8(
        Plane(
          width: reader.width, height: rows, pixels: isGray ? samples : Luminance.narrow(samples)))
    }
    let wide = unsafe samples.withUnsafeBytes { unsafe Array($0.bindMemory(to: UInt16.self)) }
    return .gray16(
      WidePlane(width: reader.width, height: rows, pixels: isGray ? wide : Luminance.wide(wide)))
  }
}
