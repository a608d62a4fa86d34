import FactoryModel
import Imaging

/// Settings of the comparison of binary pairs.
public struct PairsSettings: Hashable, Sendable {
  /// Gray levels up to this are dark, 0..255.
  public var darkUpTo: UInt8 = 127
  /// Candidates judged in an image, those with most differing pixels, ≥ 1.
  public var candidateLimit = 48
  /// Rounds of boosting, ≥ 1, and leaves a tree, ≥ 2.
  public var rounds = 300
  public var leaves = 15

  /// The defaults.
  public init() {}
}

/// A taught comparison of binary images with the template that comes with each.
public struct PairsModel: TaughtModel {
  /// The method's name in archives; recipes say `reference`.
  public static let method = "pairs"

  let settings: PairsSettings
  /// Class names as taught; class 0 of the classifier, "no defect", has none.
  public let kinds: [String]
  let trees: BoostedTrees
  /// Left, top, right, bottom distance from a candidate's box to the labelled box, per class.
  let margins: [Int32]
  /// The score at which F was largest on pairs held out of teaching, 0..1.
  public var recommendedThreshold: Double

  init(
    settings: PairsSettings, kinds: [String], trees: BoostedTrees, margins: [Int32],
    recommendedThreshold: Double
  ) {
    self.settings = settings
    self.kinds = kinds
    self.trees = trees
    self.margins = margins
    self.recommendedThreshold = recommendedThreshold
  }

  /// Reads what `archive` wrote. Throws `ModelError` when it is damaged or of another method.
  public init(archive: ModelArchive) throws {
    guard archive.method == Self.method else {
      throw ModelError.otherMethod(found: archive.method, expected: Self.method)
    }
    let numbers = try archive.get("settings", as: Int32.self)
    let names = try archive.get("kinds", as: UInt8.self)
    kinds =
      names.isEmpty
      ? [] : names.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
    trees = try Self.trees(archive, classCount: kinds.count + 1)
    margins = try archive.get("margins", as: Int32.self)
    let threshold = try archive.get("threshold", as: Double.self)
    guard numbers.count == 4, threshold.count == 1, margins.count == 4 * kinds.count,
      (0...255).contains(numbers[0]), numbers[1] > 0
    else { throw ModelError.damaged(reason: "a section has the wrong length") }
    recommendedThreshold = threshold[0]
    var settings = PairsSettings()
    settings.darkUpTo = UInt8(numbers[0])
    settings.candidateLimit = Int(numbers[1])
    settings.rounds = Int(numbers[2])
    settings.leaves = Int(numbers[3])
    self.settings = settings
  }

  private static func trees(_ archive: ModelArchive, classCount: Int) throws -> BoostedTrees {
    var trees = BoostedTrees(classCount: classCount)
    trees.nodes = try archive.get("nodes", as: Int32.self)
    trees.values = try archive.get("values", as: Float.self)
    trees.roots = try archive.get("roots", as: Int32.self)
    let count = trees.values.count
    var isSound = trees.nodes.count == 3 * count
    isSound = isSound && trees.roots.allSatisfy { $0 >= 0 && Int($0) < count }
    for i in 0..<(isSound ? count : 0) where trees.nodes[i * 3] >= 0 {
      // Children follow their parent, so that every walk ends.
      let children = [trees.nodes[i * 3 + 1], trees.nodes[i * 3 + 2]]
      isSound = isSound && trees.nodes[i * 3] < Int32(PairFeatures.count)
      isSound = isSound && children.allSatisfy { $0 > Int32(i) && Int($0) < count }
    }
    guard isSound else { throw ModelError.damaged(reason: "a tree points outside itself") }
    return trees
  }

  public func archive() -> ModelArchive {
    var archive = ModelArchive(method: Self.method)
    archive.set(
      "settings",
      [
        Int32(settings.darkUpTo), Int32(settings.candidateLimit), Int32(settings.rounds),
        Int32(settings.leaves),
      ])
    archive.set("kinds", Array(kinds.joined(separator: "\n").utf8))
    archive.set("nodes", trees.nodes)
    archive.set("values", trees.values)
    archive.set("roots", trees.roots)
    archive.set("margins", margins)
    archive.set("threshold", [recommendedThreshold])
    return archive
  }

  public var ownThreshold: Double? { recommendedThreshold }

  public func makeInspector() -> any Inspector { PairsInspector(model: self) }
}
