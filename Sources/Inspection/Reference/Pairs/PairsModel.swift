import FactoryModel
import Imaging

/// Settings of the comparison of binary pairs.
public struct PairsSettings: Hashable, Sendable {
  /// Gray levels up to this are dark, 0..255.
  public var darkUpTo: UInt8
  /// Candidates judged in an image, those with most differing pixels, ≥ 1.
  public var candidateLimit: Int
  /// Rounds of boosting, ≥ 1, and leaves a tree, ≥ 2.
  public var rounds: Int
  public var leaves: Int
  /// Sets of trees that are averaged, ≥ 1.
  public var sets: Int
  /// Candidates with a labelled fault from which on a network is taught too, ≥ 1; fewer teach it what does
  /// not carry over to other boards.
  public var networkFrom = 500

  /// The defaults, or some of them changed.
  public init(
    darkUpTo: UInt8 = 127, candidateLimit: Int = 48, rounds: Int = 300, leaves: Int = 15,
    sets: Int = 3
  ) {
    self.darkUpTo = darkUpTo
    self.candidateLimit = candidateLimit
    self.rounds = rounds
    self.leaves = leaves
    self.sets = sets
  }
}

/// A taught comparison of binary images with the template that comes with each.
public struct PairsModel: TaughtModel {
  /// The method's name in archives; recipes say `reference`.
  public static let method = "pairs"

  let settings: PairsSettings
  /// Class names as taught; class 0 of the classifier, "no defect", has none.
  public let kinds: [String]
  /// Nil without classes: rules alone.
  let classifier: CandidateClassifier?
  /// The score at which F was largest on pairs held out of teaching, 0..1.
  public var recommendedThreshold: Double

  init(
    settings: PairsSettings, kinds: [String], classifier: CandidateClassifier?,
    recommendedThreshold: Double
  ) {
    self.settings = settings
    self.kinds = kinds
    self.classifier = classifier
    self.recommendedThreshold = recommendedThreshold
  }

  /// Reads what `archive` wrote. Throws `ModelError` when it is damaged or of another method.
  public init(archive: ModelArchive) throws {
    guard archive.method == Self.method else {
      throw ModelError.otherMethod(found: archive.method, expected: Self.method)
    }
    let numbers = try archive.get("settings", as: Int32.self)
    let threshold = try archive.get("threshold", as: Double.self)
    guard numbers.count == 5, threshold.count == 1, threshold[0].isFinite,
      (0...255).contains(numbers[0]), numbers[1...].allSatisfy({ $0 > 0 })
    else { throw ModelError.damaged(reason: "a section has the wrong length or a wrong number") }
    settings = PairsSettings(
      darkUpTo: UInt8(numbers[0]), candidateLimit: Int(numbers[1]), rounds: Int(numbers[2]),
      leaves: Int(numbers[3]), sets: Int(numbers[4]))
    recommendedThreshold = threshold[0]
    kinds = try Self.kinds(archive)
    classifier =
      kinds.isEmpty ? nil : try CandidateClassifier(archive, classCount: kinds.count + 1)
  }

  /// Class names, a line each.
  private static func kinds(_ archive: ModelArchive) throws(ModelError) -> [String] {
    let bytes = try archive.get("kinds", as: UInt8.self)
    guard !bytes.isEmpty else { return [] }
    let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
    let kinds = lines.compactMap { String(validating: $0, as: UTF8.self) }
    guard kinds.count == lines.count, kinds.count <= kindLimit, Set(kinds).count == kinds.count,
      !kinds.contains("")
    else { throw .damaged(reason: "the class names are not up to \(kindLimit) distinct lines") }
    return kinds
  }

  /// Classes at most.
  static let kindLimit = 1000

  public func archive() -> ModelArchive {
    var archive = ModelArchive(method: Self.method)
    archive.set(
      "settings",
      [
        Int32(settings.darkUpTo), Int32(settings.candidateLimit), Int32(settings.rounds),
        Int32(settings.leaves), Int32(settings.sets),
      ])
    archive.set("kinds", Array(kinds.joined(separator: "\n").utf8))
    archive.set("threshold", [recommendedThreshold])
    classifier?.store(in: &archive)
    return archive
  }

  public var ownThreshold: Double? { recommendedThreshold }

  public func makeInspector() -> any Inspector { PairsInspector(self) }
}
