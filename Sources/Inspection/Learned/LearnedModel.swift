import FactoryModel
import Imaging

/// A network taught from labelled images: which class an image shows, and how sure that is.
public struct LearnedModel: TaughtModel {
  /// The method's name in archives and recipes.
  public static let method = "learned"
  /// The class that passes.
  public static let good = "good"

  /// The classes in the order of the network's outputs; `good` first when there is one.
  public let classes: [String]
  /// The side of the square that the network reads.
  let side: Int
  let network: ConvolutionalNetwork
  /// The turns that images were shown in, and that unsure ones are judged in.
  let symmetry: PartSymmetry
  /// Outputs are divided by it before the softmax.
  let temperature: Double
  /// Scores of the parts held out of the training; empty for a model read from a file.
  public internal(set) var heldOutScores: [LabelledScore] = []
  public internal(set) var remarks: [String] = []

  init(
    classes: [String], side: Int, network: ConvolutionalNetwork, symmetry: PartSymmetry,
    temperature: Double
  ) {
    self.classes = classes
    self.side = side
    self.network = network
    self.symmetry = symmetry
    self.temperature = temperature
  }

  /// Reads a model. Throws `ModelError` when a section is missing or has another size.
  public init(archive: ModelArchive) throws(ModelError) {
    guard archive.method == Self.method else {
      throw .otherMethod(found: archive.method, expected: Self.method)
    }
    guard archive.has("symmetry") else { throw .older }
    let names = String(decoding: try archive.get("classes", as: UInt8.self), as: UTF8.self)
    classes = names.split(separator: "\n").map(String.init)
    let sides = try archive.get("side", as: Int32.self)
    let numbers = try archive.get("calibration", as: Double.self)
    let symmetries = try archive.get("symmetry", as: Int32.self)
    guard sides.count == 1, (16...1024).contains(sides[0]), sides[0] % 16 == 0,
      let first = numbers.first, first.isFinite, first > 0, !classes.isEmpty,
      symmetries.count == 1, let symmetry = PartSymmetry(rawValue: Int(symmetries[0]))
    else { throw .damaged(reason: "the classes, symmetry or calibration have another size") }
    self.symmetry = symmetry
    side = Int(sides[0])
    temperature = first
    var settings = LearnedSettings()
    settings.side = side
    network = try ConvolutionalNetwork(
      settings.shape(classes: classes.count), from: archive, as: "network")
  }

  public func archive() -> ModelArchive {
    var archive = ModelArchive(method: Self.method)
    archive.set("classes", Array(classes.joined(separator: "\n").utf8))
    archive.set("side", [Int32(side)])
    archive.set("calibration", [temperature])
    archive.set("symmetry", [Int32(symmetry.rawValue)])
    network.store(in: &archive, as: "network")
    return archive
  }

  /// Teaching moves the output of class `good` until this is best.
  public var ownThreshold: Double? { 0.5 }

  public func makeInspector() -> any Inspector { LearnedInspector(self) }

  /// Whether one of the classes passes.
  var hasGood: Bool { classes.first == Self.good }

  /// The probability of each class.
  func probabilities(_ outputs: [Float]) -> [Double] {
    Softmax.shares(outputs.map { Double($0) / temperature })
  }

  /// The probability of not being good: 1 without a class `good`.
  func score(_ probabilities: [Double]) -> Double {
    hasGood ? probabilities.dropFirst().reduce(0, +) : 1
  }
}
