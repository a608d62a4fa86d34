/// Colour to gray with the weights that `DecodedImage` states.
enum Luminance {
  /// 8-bit RGB triples to gray.
  static func narrow(_ rgb: [UInt8]) -> [UInt8] {
    let source = rgb.span
    var gray = [UInt8](repeating: 0, count: rgb.count / 3)
    var out = gray.mutableSpan
    for i in out.indices {
      let r = UInt32(source[3 * i]) * 77
      let g = UInt32(source[3 * i + 1]) * 150
      let b = UInt32(source[3 * i + 2]) * 29
      out[i] = UInt8((r + g + b + 128) >> 8)
    }
    return gray
  }

  /// 16-bit RGB triples to gray.
  static func wide(_ rgb: [UInt16]) -> [UInt16] {
    (0..<rgb.count / 3).map { i in
      let r = UInt32(rgb[3 * i]) * 19595
      let g = UInt32(rgb[3 * i + 1]) * 38470
      let b = UInt32(rgb[3 * i + 2]) * 7471
      return UInt16((UInt64(r) + UInt64(g) + UInt64(b) + 32768) >> 16)
    }
  }
}
