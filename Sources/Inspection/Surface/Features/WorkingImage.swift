import Imaging

/// The image at the resolution that the method works in.
enum WorkingImage {
  /// The whole factor that brings `pixels` to about 160,000: max(1, round(√(pixels / 160,000))).
  static func shrink(pixels: Int) -> Int {
    max(1, Int((Double(pixels) / 160_000).squareRoot().rounded(.toNearestOrEven)))
  }

  /// `plane` shrunk by the whole `factor`.
  static func shrunk(_ plane: Plane, by factor: Int) -> Plane { plane.shrunk(by: factor) }
}
