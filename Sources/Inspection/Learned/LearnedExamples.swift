import Imaging

/// Shrunk images with their classes, changed at random each time they are shown.
struct LearnedExamples: TrainingExamples {
  let side: Int
  let symmetry: PartSymmetry
  let images: [[UInt8]]
  /// The class of each image and the weight of each class in the loss.
  private(set) var classes: [Int]
  private(set) var weights: [Float]
  /// The share by which each image counts for less, its label being in doubt.
  private(set) var discounts: [Float]
  /// Pixels of the small image by which it is shifted at most.
  private static let largestShift = 4
  /// Half of the images are tilted by this at most (10°, unless parts lie one way only), and made
  /// larger or smaller by this share at most.
  private static let largestTilt: Float = 0.175
  private static let largestSizeChange: Float = 0.08

  init(
    side: Int, symmetry: PartSymmetry, images: [[UInt8]], classes: [Int], count: Int
  ) {
    self.side = side
    self.symmetry = symmetry
    self.images = images
    self.classes = classes
    weights = Self.weights(classes, count: count)
    discounts = [Float](repeating: 0, count: classes.count)
  }

  var count: Int { images.count }

  /// The same images under other labels.
  func labelled(_ classes: [Int]) -> LearnedExamples {
    var examples = self
    examples.classes = classes
    examples.weights = Self.weights(classes, count: weights.count)
    return examples
  }

  /// 1/√(images of the class), scaled so that the mean over all images is 1: rare classes count
  /// for more, without shouting.
  private static func weights(_ classes: [Int], count: Int) -> [Float] {
    var images = [Int](repeating: 0, count: count)
    for kind in classes { images[kind] += 1 }
    let raw = images.map { $0 == 0 ? 0 : 1 / Float($0).squareRoot() }
    let sum = classes.reduce(Float(0)) { $0 + raw[$1] }
    return raw.map { $0 * Float(classes.count) / sum }
  }

  /// From half-way on labels are doubted: before, the network knows too little.
  mutating func reconsider(_ outputs: [[Float]], at share: Double) {
    guard share >= 0.5 else { return }
    discounts = LabelDoubts.discounts(outputs, classes)
  }

  func draw(_ index: Int, using generator: inout SeededGenerator) throws -> DrawnExample {
    var turn = Turn(side: side)
    (turn.quarters, turn.isMirrored) = symmetry.draw(using: &generator)
    let reach = Self.largestShift
    turn.shiftX = generator.below(2 * reach + 1) - reach
    turn.shiftY = generator.below(2 * reach + 1) - reach
    var levels = turn.turned(images[index])
    if generator.below(2) == 1 {
      let size = generator.uniform(1 - Self.largestSizeChange, 1 + Self.largestSizeChange)
      let reach = symmetry == .none ? 0 : Self.largestTilt
      levels = Tilt(side: side, radians: generator.uniform(-reach, reach), size: size)
        .tilted(levels)
    }
    let contrast = generator.uniform(0.75, 1.3)
    return DrawnExample(
      input: NetworkInput.values(levels, contrast: contrast),
      target: [Float(classes[index]), discounts[index]])
  }

  /// Cross-entropy, weighted by class and by trust in the label.
  func loss(_ outputs: [Float], _ target: [Float], slopes: inout [Float]) -> Float {
    let kind = Int(target[0])
    return SmoothedCrossEntropy.loss(
      outputs, kind, weight: weights[kind] * (1 - target[1]), slopes: &slopes)
  }
}

/// What the network reads of an image.
enum NetworkInput {
  /// Gray levels less their mean, in units of 64 levels: brightness says nothing.
  static func values(_ levels: [UInt8], contrast: Float = 1) -> [Float] {
    let sum = levels.reduce(0) { $0 + Int($1) }
    let mean = Float(sum) / Float(levels.count)
    let scale = contrast / 64
    return levels.map { (Float($0) - mean) * scale }
  }
}
