import Imaging
import Inspection
import TestSupport
import Testing

private func good(_ scores: [Double]) -> [LabelledScore] {
  scores.map { LabelledScore(score: $0, kind: nil, part: "\($0)") }
}

@Test(
  "a rule is read from its text",
  arguments: [
    ("false-reject=1%", ThresholdRule.falseRejectRate(0.01)),
    ("typical=1%", .typicalFalseRejectRate(0.01)),
    ("false-reject=0.02", .falseRejectRate(0.02)), (" zero-escapes ", .zeroEscapes),
    ("best-f1", .bestF1), ("cost=100:1", .cost(escape: 100, falseReject: 1)),
    ("value=3.2", .value(3.2)), ("value = -1", .value(-1)),
  ])
func thresholdsRead(text: String, rule: ThresholdRule) throws {
  #expect(try ThresholdRule(parsing: text) == rule)
  #expect(try ThresholdRule(parsing: rule.description) == rule)
}

@Test("a rule is written as people give it")
func thresholdsWritten() throws {
  for text in ["typical=1%", "false-reject=0.5%", "cost=100:1", "cost=2.5:1", "zero-escapes"] {
    #expect(try ThresholdRule(parsing: text).description == text)
  }
}

@Test(
  "what is not a rule is refused with the forms that are",
  arguments: [
    "", "value", "value=", "value=nan", "false-reject=100%", "false-reject=-1%", "cost=1",
    "cost=1:0", "cost=1:2:3", "best-f1=1", "best", "=", "cost=:1:2",
  ])
func thresholdsRefused(text: String) {
  #expect(throws: ThresholdError.unreadable(text)) { try ThresholdRule(parsing: text) }
}

@Test(
  "the false-reject threshold is the conformal order statistic", arguments: [99, 100, 250, 999])
func thresholdsConformal(count: Int) throws {
  let scores = good((1...count).map(Double.init))
  let choice = try ThresholdChoice(.falseRejectRate(0.01), from: scores)
  let rank = (1...count).first { Double($0) >= Double(count + 1) * 0.99 - 1e-9 }
  #expect(choice.threshold == Double(try #require(rank)).nextUp)
  #expect(try #require(choice.expectedFalseRejectRate) <= 0.01)
  #expect(choice.warning == nil)
}

@Test("too few good parts to promise the rate are said to be too few")
func thresholdsTooFew() throws {
  let choice = try ThresholdChoice(.falseRejectRate(0.01), from: good([1, 2, 3]))
  #expect(choice.threshold == 3.0.nextUp)
  #expect(choice.expectedFalseRejectRate == 0.25)
  #expect(try #require(choice.warning).contains("99 are needed"))
}

@Test("outliers among good parts do not raise the threshold of typical ones, and are named")
func thresholdsTypical() throws {
  let usual = (1...396).map { Double($0) / 100 }
  // Quartiles 1.01 and 3.01 of 400: the fence lies at 6.01.
  let scores = good(usual + [5, 9, 20, 30])
  let choice = try ThresholdChoice(.typicalFalseRejectRate(0.01), from: scores)
  // Rank ⌈398 · 0.99⌉ = 395 of the 397 that are left.
  #expect(choice.threshold == 3.95.nextUp)
  #expect(choice.confusion.falseRejects == 5)
  #expect(try #require(choice.warning).contains("3 of 400"))
  #expect(choice.outliers.map(\.part) == ["30.0", "20.0", "9.0"])
  let expected: Double = (3.0 / 398 * 397 + 3) / 400
  #expect(abs(try #require(choice.expectedFalseRejectRate) - expected) < 1e-12)
  // A second kind of part is no outlier: one in twenty at most is left out.
  let two = try ThresholdChoice(
    .typicalFalseRejectRate(0.01), from: good(usual + (1...44).map { 100 + Double($0) }))
  #expect(two.outliers.count == 22)
  #expect(two.threshold > 100)
  let plain = try ThresholdChoice(.typicalFalseRejectRate(0.01), from: good(usual))
  #expect(plain.warning == nil)
  let counted = try ThresholdChoice(.falseRejectRate(0.01), from: good(usual))
  #expect(plain.threshold == counted.threshold)
}

@Test("over many draws the rate of false rejects keeps the promise")
func thresholdsKeepPromise() throws {
  var random = SeededGenerator(seed: 11)
  var rejected = 0
  for _ in 0..<2000 {
    let held = (0..<39).map { _ in Double(random.uniform(0, 1)) }
    let choice = try ThresholdChoice(.falseRejectRate(0.1), from: good(held))
    if Double(random.uniform(0, 1)) >= choice.threshold { rejected += 1 }
  }
  // Exactly 0.1 for 39 parts; ± 3 standard errors.
  #expect(abs(Double(rejected) / 2000 - 0.1) < 0.02, "\(rejected) of 2000, seed 11")
}

@Test("labelled rules find the best of all thresholds", arguments: propertySeeds)
func thresholdsBestOfAll(seed: UInt64) throws {
  let images = madeUpScores(seed: seed, count: 60)
  let all = (Set(images.map(\.score)).sorted() + [100]).map { Confusion(images, threshold: $0) }
  let f1 = try ThresholdChoice(.bestF1, from: images).confusion
  #expect(f1.f1 == all.compactMap(\.f1).max(), "seed \(seed)")
  let none = try ThresholdChoice(.zeroEscapes, from: images)
  #expect(none.confusion.escapes == 0)
  let fewest = all.filter { $0.escapes == 0 }.map(\.falseRejects).min()
  #expect(none.confusion.falseRejects == fewest, "seed \(seed)")
  #expect(none.expectedEscapeRate == 0)
  let cost: (Confusion) -> Int = { 20 * $0.escapes + $0.falseRejects }
  let cheap = try ThresholdChoice(.cost(escape: 20, falseReject: 1), from: images).confusion
  #expect(cost(cheap) == all.map(cost).min(), "seed \(seed)")
}

@Test("rules that need labels say which are missing")
func thresholdsMissingLabels() {
  #expect(throws: ThresholdError.noDefectiveParts(rule: .bestF1)) {
    try ThresholdChoice(.bestF1, from: good([1]))
  }
  #expect(throws: ThresholdError.noGoodParts(rule: .falseRejectRate(0.01))) {
    try ThresholdChoice(.falseRejectRate(0.01), from: [])
  }
  #expect(throws: ThresholdError.noDefectiveParts(rule: .zeroEscapes)) {
    try ThresholdChoice(.zeroEscapes, from: [])
  }
}
