import FactoryModel
import Inspection

/// What a recipe remembers of its teaching images: how bright they were, how the judged parts scored,
/// and small pictures by which the same parts are known again.
public struct TeachingMemory: Sendable {
  /// Mean gray levels of the taught images.
  public var brightness: DistributionSummary
  /// Scores of good parts that were held out; nil where none was, as when only classes were taught.
  public var scores: DistributionSummary?
  /// Score, class and part of every judged image, from which a threshold can be chosen again.
  public var judged: [LabelledScore]
  /// Whether the judged parts were kept out of the model that judged them.
  public var isHeldOut: Bool
  /// One for every taught image.
  public var thumbnails: Thumbnails
  /// The parts that a groups file named; empty without one.
  public var parts: Set<String>
  /// The method's settings, one line.
  public var settings: String

  /// A memory of what was just taught; `scores` are of good parts.
  public init(
    brightness: [Double], scores: [Double], judged: [LabelledScore], isHeldOut: Bool,
    thumbnails: Thumbnails, parts: Set<String>, settings: String
  ) {
    self.brightness = DistributionSummary(of: brightness)
    self.scores = scores.isEmpty ? nil : DistributionSummary(of: scores)
    self.judged = judged
    self.isHeldOut = isHeldOut
    self.thumbnails = thumbnails
    self.parts = parts
    self.settings = settings
  }

  /// Reads it beside the model. Throws `ModelError.damaged` when a section is missing.
  public init(from archive: ModelArchive) throws(ModelError) {
    brightness = try DistributionSummary("brightness", from: archive)
    scores = try? DistributionSummary("scores", from: archive)
    thumbnails = try Thumbnails(from: archive)
    parts = Set(try Self.lines("parts", archive))
    settings = try Self.lines("memory.settings", archive).first ?? ""
    let numbers = try archive.get("judged.scores", as: Double.self)
    let kinds = try archive.get("judged.kinds", as: Int32.self)
    let kindNames = try Self.lines("judged.kindNames", archive)
    let judgedParts = try Self.lines("judged.parts", archive)
    guard kinds.count == numbers.count, judgedParts.count == numbers.count,
      numbers.allSatisfy(\.isFinite),
      kinds.allSatisfy({ $0 >= -1 && Int($0) < kindNames.count })
    else { throw .damaged(reason: "the judged scores do not fit together") }
    judged = numbers.indices.map { index in
      LabelledScore(
        score: numbers[index], kind: kinds[index] < 0 ? nil : kindNames[Int(kinds[index])],
        part: judgedParts[index])
    }
    isHeldOut = try archive.get("judged.heldOut", as: UInt8.self).first == 1
  }

  /// Puts it beside the model.
  public func store(in archive: inout ModelArchive) {
    brightness.store(as: "brightness", in: &archive)
    scores?.store(as: "scores", in: &archive)
    thumbnails.store(in: &archive)
    Self.set("parts", parts.sorted(), in: &archive)
    Self.set("memory.settings", [settings], in: &archive)
    let kindNames = Set(judged.compactMap(\.kind)).sorted()
    archive.set("judged.scores", judged.map(\.score))
    archive.set(
      "judged.kinds",
      judged.map { image in
        Int32(image.kind.flatMap { kindNames.firstIndex(of: $0) } ?? -1)
      })
    Self.set("judged.kindNames", kindNames, in: &archive)
    Self.set("judged.parts", judged.map(\.part), in: &archive)
    archive.set("judged.heldOut", [isHeldOut ? 1 : 0] as [UInt8])
  }

  private static func set(_ name: String, _ lines: [String], in archive: inout ModelArchive) {
    // A name with a line break would otherwise count as two.
    let safe = lines.map { line in String(line.map { $0.isNewline ? " " : $0 }) }
    archive.set(name, Array(safe.joined(separator: "\n").utf8))
  }

  private static func lines(_ name: String, _ archive: ModelArchive) throws(ModelError) -> [String]
  {
    let text = String(decoding: try archive.get(name, as: UInt8.self), as: UTF8.self)
    guard !text.isEmpty else { return [] }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
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
