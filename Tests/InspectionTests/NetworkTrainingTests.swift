import Imaging
import Testing

@testable import Inspection

/// A few random images; even ones are to give (1, 0), odd ones (0, 1).
private struct FewImages: TrainingExamples {
  let images: [[Float]]
  var count: Int { images.count }

  init(_ shape: NetworkShape, count: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    images = (0..<count).map { _ in
      (0..<shape.input.bare.count).map { _ in generator.uniform(-1, 1) }
    }
  }

  mutating func reconsider(_ outputs: [[Float]], at share: Double) {}

  func draw(_ index: Int, using generator: inout SeededGenerator) -> DrawnExample {
    DrawnExample(input: images[index], target: index % 2 == 0 ? [1, 0] : [0, 1])
  }

  /// Half the squared difference.
  func loss(_ outputs: [Float], _ target: [Float], slopes: inout [Float]) -> Float {
    for k in outputs.indices { slopes[k] = outputs[k] - target[k] }
    return slopes.reduce(0) { $0 + $1 * $1 / 2 }
  }
}

@Suite("network training")
struct NetworkTrainingTests {
  @Test
  func `a tiny set is learned to zero loss`() throws {
    let shape = NetworkShape(
      width: 12, height: 12, channels: 2,
      convolutions: [
        NetworkShape.Convolution(channels: 16, stride: 1),
        NetworkShape.Convolution(channels: 16, stride: 2),
      ], outputs: 2)
    var generator = SeededGenerator(seed: 1)
    var network = ConvolutionalNetwork(shape, using: &generator)
    var training = NetworkTraining(epochs: 150, seed: 2)
    training.decay = 0
    var losses: [Double] = []
    try training.fit(&network, FewImages(shape, count: 8, seed: 3), OneWorker()) { _ in
      true
    } each: { epoch, _ in
      losses.append(epoch.loss)
      return true
    }
    #expect(losses.count == 150)
    #expect(losses[0] > 0.1 && losses[149] < 1e-4, "\(losses[0]) → \(losses[149])")
  }
}
