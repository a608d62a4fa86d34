import FactoryModel
import Inspection
import Testing

@Suite("Repeatability") struct RepeatabilityStudyTests {
  private static func part(_ name: String, _ values: [Double]) -> RepeatabilityStudy.Part {
    RepeatabilityStudy.Part(name: name, values: values, outcomes: [.reject: values.count])
  }

  @Test("figures are those of a worked analysis of variance")
  func worked() throws {
    // Means 10, 12, 17; within squares 2, 2, 2 over 6 degrees; between 3 · (9 + 1 + 16) over 2.
    let study = RepeatabilityStudy([
      Self.part("a", [9, 10, 11]), Self.part("b", [11, 12, 13]), Self.part("c", [16, 17, 18]),
    ])
    #expect(study.repeatability == 1)
    let parts = try #require(study.partToPart)
    #expect(abs(parts * parts - (39.0 - 1) / 3) < 1e-12)
    let share = try #require(study.shareOfVariation)
    #expect(abs(share - (1 / (1 + 38.0 / 3)).squareRoot()) < 1e-12)
    #expect(study.distinctCategories == 5)
    #expect(study.share(ofTolerance: 60) == 0.1)
    // χ² of six degrees of freedom: 1.237 and 14.449.
    let interval = try #require(study.interval)
    #expect(abs(interval.low - (6 / 14.449).squareRoot()) < 0.01)
    #expect(abs(interval.high - (6 / 1.237).squareRoot()) < 0.05)
  }

  @Test("parts with unequal counts, one value or none count as far as they go")
  func unequal() throws {
    let study = RepeatabilityStudy([
      Self.part("a", [1, 3]), Self.part("b", [8]), Self.part("c", []),
    ])
    #expect(study.repeatability == 2.0.squareRoot())
    // n₀ = 3 − 5/3, between = 2 · 4 + 16 over 1 degree.
    let parts = try #require(study.partToPart)
    #expect(abs(parts * parts - (24.0 - 2) / (3 - 5.0 / 3)) < 1e-12)
    #expect(RepeatabilityStudy([Self.part("a", [1]), Self.part("b", [2])]).repeatability == nil)
    #expect(
      RepeatabilityStudy([Self.part("a", [4, 4]), Self.part("b", [2, 2])])
        .distinctCategories == nil)
    #expect(RepeatabilityStudy([Self.part("a", [4, 6])]).partToPart == nil)
  }

  @Test("parts with one verdict throughout are told from those without")
  func verdicts() {
    var study = RepeatabilityStudy([Self.part("a", [1, 2]), Self.part("b", [1, 2])])
    study.parts[1].outcomes = [.reject: 1, .pass: 1]
    #expect(study.agreeing == 1)
    #expect(study.json(unit: "mm", tolerance: nil).contains("{\"pass\":1,\"reject\":1}"))
  }
}
