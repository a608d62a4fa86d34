import Imaging

/// The window of gray levels that 16-bit images really use: cameras of 10 or 12 bits fill only a
/// corner of the range.
public enum LevelsSearch {
  /// From the darkest level that 1 in 1,000 pixels of `images` lies below to the lightest that as
  /// many lie above, each widened by a tenth of the way; nil when the images have 8 bits. At most 64
  /// images, evenly spread over the list, are read. Throws `PNGError`.
  public static func levels(of images: [String], limits: PNGLimits) throws -> Levels? {
    guard let counts = try histogram(of: images, limits: limits) else { return nil }
    let share = max(1, counts.reduce(0, +) / 1000)
    var low = 0
    var high = counts.count - 1
    var below = counts[low]
    while below < share {
      low += 1
      below += counts[low]
    }
    var above = counts[high]
    while above < share, high > low + 1 {
      high -= 1
      above += counts[high]
    }
    let margin = max(1, (high - low) / 10)
    return Levels(
      low: UInt16(max(0, low - margin)), high: UInt16(min(counts.count - 1, high + margin)))
  }

  /// How often each of 65,536 levels occurs; nil for images of 8 bits.
  private static func histogram(of images: [String], limits: PNGLimits) throws -> [Int]? {
    var counts = [Int](repeating: 0, count: 65_536)
    var isWide = false
    var decoder = PNGDecoder(limits: limits)
    for index in stride(from: 0, to: images.count, by: max(1, (images.count + 63) / 64)) {
      guard case .gray16(let plane) = try decoder.decode(path: images[index]) else { continue }
      isWide = true
      let pixels = plane.pixels.span
      var bins = counts.mutableSpan
      for i in 0..<pixels.count { bins[Int(pixels[i])] += 1 }
    }
    return isWide ? counts : nil
  }

  /// What to tell the user of `images` when a window as wide as `levels` throws most of their gray
  /// levels away; nil when all is well.
  public static func warning(_ levels: Levels, images: [String], limits: PNGLimits) throws
    -> String?
  {
    guard let used = try Self.levels(of: images, limits: limits) else { return nil }
    let window = Int(levels.high) - Int(levels.low)
    let needed = Int(used.high) - Int(used.low)
    guard needed * 4 < window else { return nil }
    return
      "the images use the gray levels \(used.low):\(used.high) of \(levels.low):\(levels.high); "
      + "teach with --levels \(used.low):\(used.high) (or auto) to see more of them"
  }
}
