import FactoryModel
import Imaging

/// A taught surface: what good texture looks like, and the network that tells what does not.
public struct SurfaceModel: TaughtModel {
  /// The method's name in archives and recipes.
  public static let method = "surface"

  /// The whole factor by which images are shrunk.
  let shrink: Int
  /// Which way the finish runs.
  let finish: Finish
  /// Mean and reciprocal deviation of the 45 values in each of nine border bins, bin by bin.
  let mean: [Float]
  let inverseDeviation: [Float]
  /// Reads the full context of a cell.
  let network: Perceptron
  /// Scores of the taught parts as if they had not been taught; empty with fewer than ten parts.
  public let heldOutScores: [LabelledScore]

  init(
    shrink: Int, finish: Finish, mean: [Float], inverseDeviation: [Float], network: Perceptron,
    heldOutScores: [LabelledScore]
  ) {
    self.shrink = shrink
    self.finish = finish
    self.mean = mean
    self.inverseDeviation = inverseDeviation
    self.network = network
    self.heldOutScores = heldOutScores
  }

  /// Reads a model. Throws `ModelError` when a section is missing or has another size.
  public init(archive: ModelArchive) throws(ModelError) {
    guard archive.method == Self.method else {
      throw .otherMethod(found: archive.method, expected: Self.method)
    }
    let inputs = CellContext.count
    let sizes = [
      inputs * Perceptron.hidden1, Perceptron.hidden1, Perceptron.hidden1 * Perceptron.hidden2,
      Perceptron.hidden2, Perceptron.hidden2, 1,
    ]
    var layers: [[Float]] = []
    for (index, size) in sizes.enumerated() {
      let layer = try archive.get("network\(index)", as: Float.self)
      guard layer.count == size else { throw .damaged(reason: "layer \(index) has another size") }
      layers.append(layer)
    }
    mean = try archive.get("mean", as: Float.self)
    inverseDeviation = try archive.get("inverseDeviation", as: Float.self)
    let scale = try archive.get("shrink", as: Int32.self)
    let direction = try archive.get("finish", as: Int32.self)
    let statistics = 9 * CellFeatures.count
    guard let finish = direction.first.flatMap({ Finish(rawValue: $0) }), mean.count == statistics,
      inverseDeviation.count == statistics, scale.count == 1,
      scale[0] >= 1
    else { throw .damaged(reason: "the statistics have another size") }
    shrink = Int(scale[0])
    self.finish = finish
    heldOutScores = []
    network = Perceptron(
      inputs: inputs, weights1: layers[0], bias1: layers[1], weights2: layers[2], bias2: layers[3],
      weights3: layers[4], bias3: layers[5])
  }

  public func archive() -> ModelArchive {
    var archive = ModelArchive(method: Self.method)
    archive.set("shrink", [Int32(shrink)])
    archive.set("finish", [finish.rawValue])
    archive.set("mean", mean)
    archive.set("inverseDeviation", inverseDeviation)
    for (index, layer) in network.layers.enumerated() { archive.set("network\(index)", layer) }
    return archive
  }

  public func makeInspector() -> any Inspector { makeInspector(OneWorker()) }

  public func makeInspector(_ workers: any Workers) -> any Inspector {
    SurfaceInspector(self, workers: workers)
  }
}
