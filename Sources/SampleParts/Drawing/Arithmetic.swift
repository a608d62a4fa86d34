import Imaging

/// The arithmetic that decides bytes, written out so that every machine gives the same picture:
/// the C library's sine may differ in the last bit from one system to the next.
enum Arithmetic {
  static let pi: Float = 3.141_592_7

  /// The sine of `radians`, |error| < 10⁻⁵ for |radians| < 100. Taylor series to the eleventh power,
  /// on −π/2…π/2.
  static func sine(_ radians: Float) -> Float {
    let turns = (radians / (2 * pi)).rounded()
    var angle = radians - turns * 2 * pi
    if angle > pi / 2 { angle = pi - angle }
    if angle < -pi / 2 { angle = -pi - angle }
    let square = angle * angle
    var sum: Float = 1 - square / 110
    sum = 1 - square / 72 * sum
    sum = 1 - square / 42 * sum
    sum = 1 - square / 20 * sum
    sum = 1 - square / 6 * sum
    return angle * sum
  }

  static func cosine(_ radians: Float) -> Float { sine(radians + pi / 2) }

  /// 0 at `low` and below, 1 at `high` and above, 3t² − 2t³ between.
  static func smoothStep(_ low: Float, _ high: Float, _ value: Float) -> Float {
    let share = min(max((value - low) / (high - low), 0), 1)
    return share * share * (3 - 2 * share)
  }

  /// A gray level from a brightness: clamped to 0…255, rounded to nearest.
  static func grayLevel(_ brightness: Float) -> UInt8 {
    UInt8(min(max(brightness, 0), 255) + 0.5)
  }
}

/// A place or a direction in pixels, x to the right, y down.
struct Point: Hashable, Sendable {
  var x: Float
  var y: Float

  init(_ x: Float, _ y: Float) {
    self.x = x
    self.y = y
  }

  /// The point `length` away from the origin in direction `angle`, in radians from the x axis.
  init(angle: Float, length: Float) {
    self.init(length * Arithmetic.cosine(angle), length * Arithmetic.sine(angle))
  }

  var length: Float { (x * x + y * y).squareRoot() }

  static func + (left: Point, right: Point) -> Point { Point(left.x + right.x, left.y + right.y) }
  static func - (left: Point, right: Point) -> Point { Point(left.x - right.x, left.y - right.y) }
  static func * (left: Point, scale: Float) -> Point { Point(left.x * scale, left.y * scale) }
}

/// Where a part lies on its picture: turned about the origin of the part, then moved.
struct Pose: Hashable, Sendable {
  var origin: Point
  var cosine: Float
  var sine: Float

  init(origin: Point, radians: Float) {
    self.origin = origin
    cosine = Arithmetic.cosine(radians)
    sine = Arithmetic.sine(radians)
  }

  /// From the part's place to the picture's.
  func place(_ point: Point) -> Point {
    origin + Point(cosine * point.x - sine * point.y, sine * point.x + cosine * point.y)
  }

  /// From the picture's place to the part's.
  func partPoint(_ x: Float, _ y: Float) -> Point {
    let dx = x - origin.x
    let dy = y - origin.y
    return Point(cosine * dx + sine * dy, cosine * dy - sine * dx)
  }
}

extension SeededGenerator {
  /// The stream of numbers for one purpose of one part: unlike its neighbours', and the same
  /// however many parts are made.
  init(seed: UInt64, part: Int, purpose: String) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var mixer = SeededGenerator(seed: seed ^ hash)
    self.init(seed: mixer.next() &+ UInt64(bitPattern: Int64(part)) &* 0xD134_2543_DE82_EF95)
  }

  /// About normal with mean 0 and deviation 1: the sum of four uniform numbers, |value| < 3.5.
  mutating func bell() -> Float {
    let bits = next()
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
    return (Float(sum) * 0x1p-16 - 2) * 1.732_050_8
  }
}
