import Testing

@testable import Inspection

@Suite("two recipes, and labels in doubt")
struct PairedComparisonTests {
  private static func images(_ counts: [(kind: String?, Bool, Bool, Int)])
    -> [PairedComparison.Image]
  {
    counts.flatMap { kind, first, second, count in
      (0..<count).map {
        PairedComparison.Image(
          name: "\(kind ?? "good")\($0)", kind: kind, firstPasses: first, secondPasses: second)
      }
    }
  }

  @Test
  func `images on which one alone is right decide, good and defective alike`() throws {
    let comparison = PairedComparison(
      Self.images([
        (nil, true, true, 40), (nil, true, false, 6), (nil, false, true, 1), (nil, false, false, 2),
        ("chip", false, false, 30), ("chip", false, true, 4), ("chip", true, false, 1),
        ("chip", true, true, 3),
      ]))
    #expect(comparison.images == 87)
    #expect(comparison.onlyFirstRight == 10 && comparison.onlySecondRight == 2)
    #expect(comparison.bothWrong == 5 && comparison.changed.count == 12)
    #expect(abs(try #require(comparison.difference) - 8 / 87) < 1e-12)
    // Twice (1 + 12 + 66) of 4096 ways.
    #expect(abs(comparison.p - 2 * 79 / 4096) < 1e-12)
    let interval = try #require(comparison.interval)
    let spread = 1.959964 * ((13.0 - 64 / 89) / (89 * 89)).squareRoot()
    #expect(abs(interval.low - (8 / 89 - spread)) < 1e-9)
    #expect(abs(interval.high - (8 / 89 + spread)) < 1e-9)
  }

  @Test
  func `without a changed verdict nothing speaks for a difference`() {
    let same = PairedComparison(Self.images([(nil, true, true, 5), ("chip", true, true, 1)]))
    #expect(same.p == 1 && same.difference == 0 && same.bothWrong == 1)
    #expect(PairedComparison([]).difference == nil && PairedComparison([]).p == 1)
  }

  @Test
  func `labels that the method contradicts as surely as it knows the class are listed`() {
    func image(_ name: String, _ label: String, _ kind: String, _ probability: Double)
      -> ClassVerdicts.Image
    {
      ClassVerdicts.Image(name: name, label: label, kind: kind, probability: probability)
    }
    let verdicts = ClassVerdicts(
      [
        image("a", "good", "good", 0.99), image("b", "good", "good", 0.95),
        image("c", "chip", "chip", 0.9), image("d", "chip", "chip", 0.8),
        image("wrong", "good", "chip", 0.97), image("hard", "chip", "good", 0.55),
        image("foreign", "stain", "chip", 0.9),
      ], classes: ["good", "chip", "dent"])
    #expect(verdicts.images.count == 6)
    #expect(verdicts.accuracy == 4.0 / 6)
    #expect(verdicts.likelyWrongLabels.map(\.name) == ["wrong"])
    let mistakes = verdicts.mistakes.map {
      "\($0.label) for \($0.kind): \($0.count)/\($0.labelled)"
    }
    #expect(mistakes == ["chip for good: 1/3", "good for chip: 1/3"])
    let one = ClassVerdicts(
      [image("foreign", "stain", "defect", 0.9)], classes: ["good", "defect"])
    #expect(one.accuracy == 1)
  }

  @Test
  func `the unsure band lets no more defective parts pass than wanted`() throws {
    let images =
      (0..<199).map { LabelledScore(score: Double($0) / 199, kind: "chip", part: "") }
      + [LabelledScore(score: 0, kind: nil, part: "")]
    let band = try UnsureBand(escapeRate: 0.05, below: 0.5, from: images)
    // The tenth of 199 scores: nine of them lie below.
    #expect(band.low == 9.0 / 199 && band.warning == nil)
    #expect(band.expectedEscapeRate == 10.0 / 200)
    let few = try UnsureBand(escapeRate: 0.001, below: 0.5, from: images)
    #expect(few.low == 0 && few.warning?.contains("999 are needed") == true)
    #expect(try UnsureBand(escapeRate: 0.9, below: 0.5, from: images).low == 0.5)
    #expect(throws: UnsureBandError.noDefectiveParts) {
      try UnsureBand(escapeRate: 0.1, below: 0.5, from: Array(images.suffix(1)))
    }
  }

  @Test(arguments: [
    ("escape=0.5%", UnsureRule.escapeRate(0.005)), ("escape = 0.01", .escapeRate(0.01)),
    ("from=0.2", .from(0.2)), ("off", .off),
  ])
  func `a rule of the band is read`(_ text: String, _ rule: UnsureRule) throws {
    #expect(try UnsureRule(parsing: text) == rule)
    for wrong in ["", "escape", "escape=2", "from=x", "off=1", "escape=-1%"] {
      #expect(throws: UnsureBandError.unreadable(wrong)) { try UnsureRule(parsing: wrong) }
    }
  }
}
