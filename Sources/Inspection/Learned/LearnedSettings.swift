/// How the learned method is taught; the defaults carry over between parts.
public struct LearnedSettings: Hashable, Sendable {
  /// The side of the square that images are shrunk to, rounded up to a multiple of 16.
  public var side = 128
  /// Passes over the images at least; small sets are shown more often.
  public var epochs = 12
  /// Images shown at least, up to `mostEpochs` passes.
  public var imagesShown = 45_000
  public var mostEpochs = 150
  /// Whether quarter turns and mirror images of a part count as the same part.
  public var turns = true

  /// The defaults.
  public init() {}

  /// Passes over `count` images.
  func epochs(for count: Int) -> Int {
    NetworkTraining.epochs(over: count, showing: imagesShown, least: epochs, most: mostEpochs)
  }

  /// Images of a step: small sets make more and smaller steps, which teach more than the same images in
  /// larger ones.
  func batch(for count: Int) -> Int { min(64, max(16, count / 256 * 8)) }

  /// The network for `classes` classes: seven convolutions, four of them halving the image, then the
  /// largest value of each channel.
  func shape(classes: Int) -> NetworkShape {
    let convolutions = [(16, 2), (32, 2), (32, 1), (64, 2), (64, 1), (96, 2), (96, 1)]
    return NetworkShape(
      width: side, height: side, channels: 1,
      convolutions: convolutions.map { NetworkShape.Convolution(channels: $0, stride: $1) },
      outputs: classes)
  }
}
