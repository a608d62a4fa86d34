import FactoryModel
import Imaging
import Inspection
import TestSupport
import Testing

/// Scores with many ties; good and defective overlap.
func madeUpScores(seed: UInt64, count: Int, levels: Int = 12) -> [LabelledScore] {
  var random = SeededGenerator(seed: seed)
  return (0..<count).map { index in
    let isDefective = random.below(3) == 0
    let kind = isDefective ? (random.below(2) == 0 ? "crack" : "pit") : nil
    let score = Double(random.below(levels) + (isDefective ? 3 : 0)) / 4
    return LabelledScore(score: score, kind: kind, part: "part \(index / 3)")
  }
}

@Test("AUROC is the share of pairs ranked rightly, ties half", arguments: propertySeeds)
func evaluationAUROCByPairs(seed: UInt64) throws {
  let images = madeUpScores(seed: seed, count: 80)
  var won = 0.0
  var pairs = 0.0
  for bad in images where bad.isDefective {
    for good in images where !good.isDefective {
      pairs += 1
      won += bad.score > good.score ? 1 : bad.score == good.score ? 0.5 : 0
    }
  }
  let auroc = try #require(RankedScores(images).figures.auroc)
  #expect(abs(auroc - won / pairs) < 1e-12, "seed \(seed)")
}

@Test("average precision sums precision over steps of recall", arguments: propertySeeds)
func evaluationAveragePrecisionBySteps(seed: UInt64) throws {
  let images = madeUpScores(seed: seed, count: 80)
  var expected = 0.0
  var recall = 0.0
  for threshold in Set(images.map(\.score)).sorted(by: >) {
    let counts = Confusion(images, threshold: threshold)
    let next = try #require(counts.recall)
    expected += (next - recall) * (counts.precision ?? 0)
    recall = next
  }
  let found = try #require(RankedScores(images).figures.averagePrecision)
  #expect(abs(found - expected) < 1e-12, "seed \(seed)")
}

@Test("figures agree with scikit-learn on a written-out example")
func evaluationAgainstScikitLearn() throws {
  // roc_auc_score and average_precision_score of these eight images.
  let scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.9, 0.8, 0.05]
  let labels = [0, 0, 1, 1, 1, 0, 1, 0]
  let images = zip(scores, labels).map {
    LabelledScore(score: $0, kind: $1 == 1 ? "defect" : nil, part: "\($0)")
  }
  let figures = RankedScores(images).figures
  #expect(abs(try #require(figures.auroc) - 0.65625) < 1e-12)
  #expect(abs(try #require(figures.averagePrecision) - 0.65) < 1e-12)
}

@Test("without defective or good images there are no figures, not a wrong one")
func evaluationOneClass() {
  let good = [LabelledScore(score: 1, kind: nil, part: "a")]
  #expect(RankedScores(good).figures.auroc == nil)
  #expect(RankedScores(good).figures.averagePrecision == nil)
  #expect(RankedScores([]).figures.auroc == nil)
  #expect(RankedScores([]).intervals(seed: 1).auroc == nil)
  #expect(Confusion([], threshold: 0).accuracy == nil)
  #expect(EvaluationReport(good, outcomes: [.reject], threshold: 0).imageAUROC == nil)
}

@Test("intervals repeat for a seed, hold the figure, and widen when exposures are one part")
func evaluationIntervals() throws {
  let images = madeUpScores(seed: 4, count: 90)
  let ranked = RankedScores(images)
  let interval = try #require(ranked.intervals(resamples: 300, seed: 7).auroc)
  #expect(interval == ranked.intervals(resamples: 300, seed: 7).auroc)
  let auroc = try #require(ranked.figures.auroc)
  #expect(interval.low < auroc && auroc < interval.high)
  // Every image photographed ten times: ten times the images, not ten times the knowledge.
  let repeated = images.flatMap { image in (0..<10).map { _ in image } }
  let byPart = try #require(RankedScores(repeated).intervals(resamples: 300, seed: 7).auroc)
  let pretended = repeated.enumerated().map {
    LabelledScore(score: $1.score, kind: $1.kind, part: "\($0)")
  }
  let byImage = try #require(RankedScores(pretended).intervals(resamples: 300, seed: 7).auroc)
  #expect(byPart.high - byPart.low > 2 * (byImage.high - byImage.low))
}

@Test("confusion, F1 and classes follow from the counts")
func evaluationConfusion() {
  let counts = Confusion(goodPassed: 90, falseRejects: 10, defectsRejected: 30, escapes: 20)
  #expect(counts.accuracy == 0.8)
  #expect(counts.precision == 0.75)
  #expect(counts.recall == 0.6)
  #expect(counts.falseRejectRate == 0.1)
  #expect(counts.f1 == 2 * 30.0 / (60 + 10 + 20))
  let images = [
    LabelledScore(score: 1, kind: nil, part: "a"), LabelledScore(score: 2, kind: "pit", part: "b"),
    LabelledScore(score: 0, kind: "crack", part: "c"),
  ]
  let rows = ClassFigures.all(images, rejected: [false, true, false])
  #expect(rows.map(\.kind) == ["crack", "pit"])
  #expect(rows.map(\.recall) == [0, 1])
  #expect(rows.map(\.auroc) == [0, 1])
}

@Test("the report's JSON holds the promised keys and null for what is missing")
func evaluationJSON() {
  let images = madeUpScores(seed: 2, count: 40)
  let flags = LeakCheck(evaluatedParts: images.map(\.part), taughtParts: ["part 1"])
  let outcomes = images.map { $0.score >= 2 ? Outcome.reject : $0.score >= 1 ? .unsure : .pass }
  let report = EvaluationReport(
    images, outcomes: outcomes, threshold: 2, leak: flags, millisecondsPerImage: 1.5)
  #expect(report.unsureImages == images.count { $0.score >= 1 && $0.score < 2 })
  let json = report.json()
  for key in [
    "imageAUROC", "pixelAUROC", "aupro", "f1", "accuracy", "escapes", "falseRejects",
    "siblingsInTeaching", "millisecondsPerImage",
  ] { #expect(json.contains("\"\(key)\":"), "\(key)") }
  #expect(json.contains("\"pixelAUROC\":null"))
  #expect(json.contains("\"siblingsInTeaching\":3"))
  #expect(json.contains("\"withoutSiblings\":{\"images\":37,"))
}
