import Imaging

/// Pictures of candidates with their classes, turned, mirrored and shifted at random each time they are
/// shown.
struct CandidateExamples: TrainingExamples {
  let pictures: [CandidatePicture]
  let truths: [CandidateTruth]
  /// Places of a picture by which it is shifted at most.
  private static let largestShift = 4

  var count: Int { pictures.count }

  mutating func reconsider(_ outputs: [[Float]], at share: Double) {}

  func draw(_ index: Int, using generator: inout SeededGenerator) -> DrawnExample {
    var turn = Turn(side: CandidatePicture.side)
    turn.quarters = generator.below(4)
    turn.isMirrored = generator.below(2) == 1
    let reach = Self.largestShift
    turn.shiftX = generator.below(2 * reach + 1) - reach
    turn.shiftY = generator.below(2 * reach + 1) - reach
    return DrawnExample(input: pictures[index].turned(turn).values, target: [Float(index)])
  }

  func loss(_ outputs: [Float], _ target: [Float], slopes: inout [Float]) -> Float {
    let truth = truths[Int(target[0])]
    return SmoothedCrossEntropy.loss(outputs, truth.label, weight: truth.weight, slopes: &slopes)
  }
}
