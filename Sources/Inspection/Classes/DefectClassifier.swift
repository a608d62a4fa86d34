import FactoryModel
import Imaging

/// Names the class of a defect that a method found, as labelled examples taught it.
///
/// Boosted trees on the numbers of `DefectShape`. A defect that no class claims with a probability of
/// a half or more keeps the name `defect`.
public struct DefectClassifier: Sendable {
  private static let rounds = 60
  private static let leaves = 6
  private static let surest: Float = 0.5

  /// In order of their names, two or more.
  public let kinds: [String]
  private let trees: BoostedTrees

  /// A defect with its class.
  public struct Example: Sendable {
    var kind: String
    var features: [Float]

    /// A labelled defect, measured in its picture.
    public init(_ defect: Defect, in plane: Plane, kind: String) {
      self.kind = kind
      features = DefectShape(defect, in: plane).features
    }
  }

  /// Taught from `examples`; nil where there is nothing to tell apart: fewer than two classes with
  /// five examples each. Same examples and seed, same trees.
  public init?(_ examples: [Example], seed: UInt64, workers: any Workers) throws {
    let counts = Dictionary(grouping: examples, by: \.kind).mapValues(\.count)
    let kinds = counts.filter { $0.value >= 5 }.keys.sorted()
    guard kinds.count >= 2 else { return nil }
    let used = examples.filter { kinds.contains($0.kind) }
    let table = try BinnedRows(
      used.map(\.features), views: [Array(0..<DefectShape.count)], workers: workers)
    // Classes count alike half-way: a rare one is not drowned, nor is it guessed everywhere.
    let mean = Double(used.count) / Double(kinds.count)
    let weights = used.map { Float((mean / Double(counts[$0.kind] ?? 1)).squareRoot()) }
    trees = try TreeTeaching(table: table, leaves: Self.leaves, seed: seed, workers: workers)
      .classes(
        used.map { kinds.firstIndex(of: $0.kind) ?? 0 }, weights: weights,
        classCount: kinds.count, rounds: Self.rounds, progress: { _ in })
    self.kinds = kinds
  }

  /// The class of `defect` in `plane`; `defect` where none is likely.
  public func kind(of defect: Defect, in plane: Plane) -> String {
    let shares = BoostedTrees.softmax(trees.sums(DefectShape(defect, in: plane).features))
    guard let best = shares.indices.max(by: { shares[$0] < shares[$1] }),
      shares[best] >= Self.surest
    else { return defect.kind }
    return kinds[best]
  }

  /// Puts it beside the model; nil leaves empty sections.
  public static func store(_ classifier: DefectClassifier?, in archive: inout ModelArchive) {
    archive.set(
      "defect classes.names", Array((classifier?.kinds ?? []).joined(separator: "\n").utf8))
    (classifier?.trees ?? BoostedTrees(outputCount: 1)).store("defect classes", in: &archive)
  }

  /// Reads what `store` wrote; nil when it was nil. Throws `ModelError.damaged`.
  public init?(from archive: ModelArchive) throws(ModelError) {
    // A recipe taught before there were classes has no such section.
    guard let bytes = try? archive.get("defect classes.names", as: UInt8.self) else { return nil }
    let names = String(decoding: bytes, as: UTF8.self)
    kinds = names.split(separator: "\n").map(String.init)
    guard kinds.count >= 2 else { return nil }
    trees = try BoostedTrees(
      "defect classes", in: archive, outputCount: kinds.count, featureCount: DefectShape.count)
  }
}
