/// A gray image: `width × height` samples of 8 bits, row by row from the top, no padding.
///
/// 0 is black. Position (x, y) counts from the top left pixel, x to the right, y down.
public struct Plane: Hashable, Sendable {
  /// Columns, ≥ 1.
  public let width: Int
  /// Rows, ≥ 1.
  public let height: Int
  /// `width · height` gray levels, row-major.
  public var pixels: [UInt8]

  /// Takes over `pixels`, which must hold exactly `width · height` gray levels.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height,
      "a plane of \(width) × \(height) cannot hold \(pixels.count) pixels")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// A plane of one gray level.
  public init(width: Int, height: Int, filledWith level: UInt8 = 0) {
    self.init(
      width: width, height: height, pixels: [UInt8](repeating: level, count: width * height))
  }

  /// The gray level in column `x` of row `y`.
  public subscript(x: Int, y: Int) -> UInt8 {
    get { pixels[y * width + x] }
    set { pixels[y * width + x] = newValue }
  }
}

/// A gray image of 16 bits a sample, as read from a 16-bit PNG before the recipe's window.
public struct WidePlane: Hashable, Sendable {
  /// Columns, ≥ 1.
  public let width: Int
  /// Rows, ≥ 1.
  public let height: Int
  /// `width · height` samples in the machine's byte order, row-major.
  public var pixels: [UInt16]

  /// Takes over `pixels`, which must hold exactly `width · height` samples.
  public init(width: Int, height: Int, pixels: [UInt16]) {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height,
      "a plane of \(width) × \(height) cannot hold \(pixels.count) samples")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// Eight bits from sixteen: `low` and below become 0, `high` and above 255, linear between,
  /// rounded to nearest (halves up).
  public func windowed(_ levels: Levels) -> Plane {
    let table = levels.table
    let samples = pixels.span
    let grays = table.span
    var out = [UInt8](repeating: 0, count: pixels.count)
    var target = out.mutableSpan
    for i in target.indices { target[i] = grays[Int(samples[i])] }
    return Plane(width: width, height: height, pixels: out)
  }
}

/// The window of 16-bit samples that a recipe spreads over 8 bits; `low < high`.
public struct Levels: Hashable, Sendable {
  /// Shown as black.
  public let low: UInt16
  /// Shown as white.
  public let high: UInt16

  /// The whole range of 16 bits, the default of a recipe.
  public static let full = Levels(low: 0, high: 65535)

  /// `low` must lie below `high`.
  public init(low: UInt16, high: UInt16) {
    precondition(low < high, "levels [\(low), \(high)]: low must lie below high")
    self.low = low
    self.high = high
  }

  /// The gray of every sample: (255 (sample − low) / (high − low) + ½), cut to 0…255.
  fileprivate var table: [UInt8] {
    let span = Int(high) - Int(low)
    var grays = [UInt8](repeating: 255, count: 65_536)
    var next = 0
    for gray in 0..<255 {
      // The first sample of the next gray: 510 · c + span ≥ 2 · span · (gray + 1).
      let end = Int(low) + (span * (2 * gray + 1) + 509) / 510
      while next < end {
        grays[next] = UInt8(gray)
        next += 1
      }
    }
    return grays
  }
}
