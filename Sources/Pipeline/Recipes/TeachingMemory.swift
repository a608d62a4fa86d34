import FactoryModel
import Inspection

/// What a recipe remembers of its teaching images: how bright they were, how good parts scored, and
/// small pictures by which the same parts are known again.
public struct TeachingMemory: Sendable {
  /// Mean gray levels of the taught images.
  public var brightness: DistributionSummary
  /// Scores of good parts that were held out.
  public var scores: DistributionSummary
  /// One for every taught image.
  public var thumbnails: Thumbnails
  /// The parts that a groups file named; empty without one.
  public var parts: Set<String>

  /// A memory of what was just taught.
  public init(
    brightness: [Double], scores: [Double], thumbnails: Thumbnails, parts: Set<String>
  ) {
    self.brightness = DistributionSummary(of: brightness)
    self.scores = DistributionSummary(of: scores)
    self.thumbnails = thumbnails
    self.parts = parts
  }

  /// Reads it beside the model. Throws `ModelError.damaged` when a section is missing.
  public init(from archive: ModelArchive) throws(ModelError) {
    brightness = try DistributionSummary("brightness", from: archive)
    scores = try DistributionSummary("scores", from: archive)
    thumbnails = try Thumbnails(from: archive)
    let names = String(decoding: try archive.get("parts", as: UInt8.self), as: UTF8.self)
    parts = Set(names.split(separator: "\n").map(String.init))
  }

  /// Puts it beside the model.
  public func store(in archive: inout ModelArchive) {
    brightness.store(as: "brightness", in: &archive)
    scores.store(as: "scores", in: &archive)
    thumbnails.store(in: &archive)
    archive.set("parts", Array(parts.sorted().joined(separator: "\n").utf8))
  }

  /// Warnings that camera or light have changed since teaching, from the images of `verdicts` that
  /// could be inspected; none for fewer than twenty. Scores are compared for passed parts only where
  /// most parts pass, since rejects shift them without any drift.
  public func drift(in verdicts: [Verdict]) -> [String] {
    let inspected = verdicts.filter { $0.score != nil }
    let passed = inspected.filter { $0.outcome == .pass }
    return DriftCheck(brightness: brightness, score: scores).warnings(
      brightness: inspected.compactMap(\.brightness),
      scores: passed.count * 2 > inspected.count ? passed.compactMap(\.score) : [])
  }
}
