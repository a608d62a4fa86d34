/// A colour picture for people: `width × height` pixels of red, green, blue, row by row.
public struct ColourPicture: Hashable, Sendable {
  /// Columns and rows, ≥ 1.
  public let width: Int
  public let height: Int
  /// `3 · width · height` bytes.
  public var rgb: [UInt8]

  /// A gray plane as a picture.
  public init(_ plane: Plane) {
    width = plane.width
    height = plane.height
    rgb = plane.pixels.flatMap { [$0, $0, $0] }
  }

  /// A picture of one colour.
  public init(width: Int, height: Int, red: UInt8, green: UInt8, blue: UInt8) {
    precondition(width > 0 && height > 0, "a picture of \(width) × \(height)")
    self.width = width
    self.height = height
    rgb = (0..<width * height).flatMap { _ in [red, green, blue] }
  }
}
