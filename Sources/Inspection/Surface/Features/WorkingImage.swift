import Imaging

/// The image at the resolution that the method works in.
enum WorkingImage {
  /// The whole factor that brings `pixels` to about 160,000: max(1, round(√(pixels / 160,000))).
  static func shrink(pixels: Int) -> Int {
    max(1, Int((Double(pixels) / 160_000).squareRoot().rounded(.toNearestOrEven)))
  }

  /// `plane` shrunk by the whole `factor`: means of factor × factor pixels, rounded; columns and rows
  /// that fill no whole block are dropped.
  static func shrunk(_ plane: Plane, by factor: Int) -> Plane {
    if factor == 1 { return plane }
    let width = plane.width / factor
    let height = plane.height / factor
    var out = [UInt8](repeating: 0, count: width * height)
    var sums = [Int](repeating: 0, count: width)
    let area = factor * factor
    for y in 0..<height {
      for x in 0..<width { sums[x] = 0 }
      for row in 0..<factor {
        let start = (y * factor + row) * plane.width
        for x in 0..<width {
          for k in 0..<factor { sums[x] += Int(plane.pixels[start + x * factor + k]) }
        }
      }
      for x in 0..<width { out[y * width + x] = UInt8((sums[x] + area / 2) / area) }
    }
    return Plane(width: width, height: height, pixels: out)
  }
}
