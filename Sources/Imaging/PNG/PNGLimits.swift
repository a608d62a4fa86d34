/// Bounds on an image, checked before memory for it is taken.
public struct PNGLimits: Hashable, Sendable {
  /// The most pixels; 268,435,456 (256 Mi) unless told.
  public var maximumPixels: Int
  /// The largest file in bytes; 1 GiB unless told.
  public var maximumBytes: Int
  /// The most bytes of samples as they lie in an interlaced image, all of which have to be held:
  /// two a pixel of the limit, so that colour is refused earlier than gray.
  var maximumSampleBytes: Int { 2 * maximumPixels }

  /// Limits; the defaults let a 16,384 × 16,384 image pass.
  public init(maximumPixels: Int = 1 << 28, maximumBytes: Int = 1 << 30) {
    self.maximumPixels = maximumPixels
    self.maximumBytes = maximumBytes
  }
}
