/// Where on an image pixels count: one flag a pixel.
public struct RegionMask: Hashable, Sendable {
  /// Columns and rows; the same as of the images it is used with.
  public let width: Int
  public let height: Int
  /// 255 where pixels count, 0 elsewhere; row-major.
  public let flags: [UInt8]

  /// Takes over `flags`, `width · height` of them, each 0 or 255.
  public init(width: Int, height: Int, flags: [UInt8]) {
    precondition(flags.count == width * height, "\(flags.count) flags for \(width) × \(height)")
    self.width = width
    self.height = height
    self.flags = flags
  }

  /// Whether pixel (x, y) counts.
  public subscript(x: Int, y: Int) -> Bool { flags[y * width + x] != 0 }
}
