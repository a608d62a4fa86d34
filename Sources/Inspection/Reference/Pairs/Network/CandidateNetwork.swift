import Imaging

/// Judges pictures of candidates by a small convolutional network: five 3 × 3 convolutions, 70,000
/// parameters, 4.3 million multiply-adds a candidate.
struct CandidateNetwork: Sendable {
  private let network: ConvolutionalNetwork
  private var folded: FoldedConvolutions

  private init(_ network: ConvolutionalNetwork) {
    self.network = network
    folded = FoldedConvolutions(network)
  }

  private static func shape(classes: Int) -> NetworkShape {
    let convolutions = [(16, 2), (32, 2), (32, 1), (64, 2), (64, 1)]
    return NetworkShape(
      width: CandidatePicture.side, height: CandidatePicture.side,
      channels: CandidatePicture.channels,
      convolutions: convolutions.map { NetworkShape.Convolution(channels: $0, stride: $1) },
      outputs: classes)
  }

  /// The probability of each class.
  mutating func probabilities(_ picture: CandidatePicture) -> [Float] {
    Softmax.shares(folded.outputs(of: picture.values).map(Double.init)).map(Float.init)
  }

  // MARK: Teaching

  /// Each candidate is shown so often at least; of few candidates each is shown more often.
  private static let epochs = 40
  private static let mostEpochs = 150
  private static let imagesShown = 60_000

  /// Learns what the candidates are, at least one; the mean of the networks on the way is kept.
  static func teach(
    _ examples: CandidateExamples, classCount: Int, seed: UInt64, workers: any Workers,
    progress: (_ done: Int, _ total: Int) -> Void
  ) throws -> CandidateNetwork {
    let count = examples.count
    var generator = SeededGenerator(seed: seed &+ 21)
    let network = ConvolutionalNetwork(shape(classes: classCount), using: &generator)
    let epochs = NetworkTraining.epochs(
      over: count, showing: imagesShown, least: epochs, most: mostEpochs)
    let training = NetworkTraining(epochs: epochs, decay: 2e-2, seed: seed &+ 22)
    let total = training.total(of: count)
    var state = NetworkTrainingState(network, examples: count)
    try training.go(on: &state, examples, workers) { shown in
      progress(shown, total)
      return true
    } each: { _, _ in
      true
    }
    return CandidateNetwork(state.average)
  }

  // MARK: Archive

  private static let name = "network"

  func store(in archive: inout ModelArchive) { network.store(in: &archive, as: Self.name) }

  /// Reads what `store` wrote. Throws `ModelError.damaged`.
  init(_ archive: ModelArchive, classCount: Int) throws(ModelError) {
    self.init(
      try ConvolutionalNetwork(Self.shape(classes: classCount), from: archive, as: Self.name))
  }
}
