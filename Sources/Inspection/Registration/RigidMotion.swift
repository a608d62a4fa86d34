#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where a part lies in an image compared with the reference: turned around the centre of the
/// picture, then moved.
///
/// Reference point p shows up at c + R(radians) · (p − c) + (dx, dy), where c is the centre of the
/// picture. Positions are pixels; a positive angle turns x towards y (clockwise as seen).
public struct RigidMotion: Hashable, Sendable {
  /// Moved to the right and down, pixels.
  public var dx: Double
  public var dy: Double
  /// Turned, radians.
  public var radians: Double

  /// A motion; by default none.
  public init(dx: Double = 0, dy: Double = 0, radians: Double = 0) {
    self.dx = dx
    self.dy = dy
    self.radians = radians
  }

  /// The part lies where the reference has it.
  public static let none = RigidMotion()

  /// Where reference point (`x`, `y`) shows up in an image of `width` × `height` pixels.
  public func position(x: Double, y: Double, width: Int, height: Int) -> (x: Double, y: Double) {
    let centerX = Double(width - 1) / 2
    let centerY = Double(height - 1) / 2
    let a = cos(radians)
    let b = sin(radians)
    return (
      centerX + a * (x - centerX) - b * (y - centerY) + dx,
      centerY + b * (x - centerX) + a * (y - centerY) + dy
    )
  }

  /// The motion from image back to reference.
  public var inverse: RigidMotion {
    let a = cos(radians)
    let b = sin(radians)
    return RigidMotion(dx: -a * dx - b * dy, dy: b * dx - a * dy, radians: -radians)
  }

  /// The longest way a point of a picture of this size moves, pixels.
  public func largestMove(width: Int, height: Int) -> Double {
    let half = (Double(width * width + height * height)).squareRoot() / 2
    return (dx * dx + dy * dy).squareRoot() + abs(radians) * half
  }
}
