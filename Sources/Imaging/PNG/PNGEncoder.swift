import CPNGShim

/// Writes PNG bytes; same picture, same bytes (for one version of libpng and zlib).
public enum PNGEncoder {
  /// An 8-bit gray PNG.
  public static func encode(_ plane: Plane) -> [UInt8] {
    write(
      plane.pixels, stride: plane.width, width: plane.width, height: plane.height, depth: 8,
      colourType: 0)
  }

  /// A 16-bit gray PNG.
  public static func encode(_ plane: WidePlane) -> [UInt8] {
    let bytes = plane.pixels.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    return write(
      bytes, stride: plane.width * 2, width: plane.width, height: plane.height, depth: 16,
      colourType: 0)
  }

  /// A 1-bit gray PNG: white where the plane is > 127.
  public static func encodeBinary(_ plane: Plane) -> [UInt8] {
    let stride = (plane.width + 7) / 8
    var bytes = [UInt8](repeating: 0, count: stride * plane.height)
    for y in 0..<plane.height {
      for x in 0..<plane.width where plane[x, y] > 127 {
        bytes[y * stride + x / 8] |= 0x80 >> UInt8(x % 8)
      }
    }
    return write(
      bytes, stride: stride, width: plane.width, height: plane.height, depth: 1, colourType: 0)
  }

  /// An 8-bit RGB PNG.
  public static func encode(_ picture: ColourPicture) -> [UInt8] {
    write(
      picture.rgb, stride: picture.width * 3, width: picture.width, height: picture.height,
      depth: 8, colourType: 2)
  }

  private static func write(
    _ rows: [UInt8], stride: Int, width: Int, height: Int, depth: Int32, colourType: Int32
  ) -> [UInt8] {
    var out: UnsafeMutablePointer<UInt8>?
    var size = 0
    let status = unsafe rows.withUnsafeBufferPointer { buffer in
      unsafe gemba_png_write(
        buffer.baseAddress, stride, UInt32(width), UInt32(height), depth, colourType, 0, nil, 0, 0,
        6, &out, &size)
    }
    // Rows of a valid plane fail to become a PNG only when there is no memory left.
    guard status == 0, let bytes = unsafe out else { preconditionFailure("no memory for a PNG") }
    defer { unsafe gemba_png_free(bytes) }
    return unsafe Array(UnsafeBufferPointer(start: bytes, count: size))
  }
}
