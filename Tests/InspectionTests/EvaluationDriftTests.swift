import Imaging
import Inspection
import Testing

private func bell(_ seed: UInt64, _ count: Int, mean: Double, spread: Double) -> [Double] {
  var random = SeededGenerator(seed: seed)
  return (0..<count).map { _ in
    let sum = (0..<12).reduce(0.0) { sum, _ in sum + Double(random.uniform(0, 1)) }
    return mean + (sum - 6) * spread
  }
}

@Test("a darker lamp is noticed and worded")
func evaluationDriftDarker() throws {
  let taught = DistributionSummary(of: bell(1, 300, mean: 121, spread: 2))
  let check = DriftCheck(brightness: taught)
  let warnings = check.warnings(brightness: bell(2, 40, mean: 92, spread: 2), scores: [])
  #expect(warnings.count == 1)
  let text = try #require(warnings.first)
  #expect(text.hasPrefix("camera or light has changed: mean brightness 92 against 118..124"))
}

@Test("the same light, a few images, or some defects raise no warning", arguments: 1...20)
func evaluationDriftCalm(seed: Int) {
  let taught = DistributionSummary(of: bell(1, 300, mean: 121, spread: 2))
  let score = DistributionSummary(of: bell(3, 300, mean: 0, spread: 1))
  let check = DriftCheck(brightness: taught, score: score)
  let same = bell(UInt64(seed) + 10, 50, mean: 121, spread: 2)
  let mixed = bell(UInt64(seed) + 40, 35, mean: 0, spread: 1) + [Double](repeating: 9, count: 15)
  #expect(check.warnings(brightness: same, scores: mixed).isEmpty, "seed \(seed)")
  #expect(check.warnings(brightness: [10, 10, 10], scores: [9, 9]).isEmpty)
}

@Test("the distance is that of Kolmogorov and Smirnov")
func evaluationDriftDistance() {
  // Quantiles 0, 1, …, 100: the taught share below x is x / 100.
  let taught = DistributionSummary(of: (0...100).map(Double.init))
  #expect(taught.distance(to: [50]) == 0.5)
  #expect(taught.distance(to: [200, 300]) == 1)
  #expect(abs(taught.distance(to: [25, 50, 75]) - 0.25) < 1e-12)
  #expect(taught.distance(to: (0...100).map(Double.init)) < 0.01)
}

@Test("a summary comes back from an archive and a disordered one is refused")
func evaluationDriftArchive() throws {
  let summary = DistributionSummary(of: [3, 1, 2])
  var archive = ModelArchive(method: "surface")
  summary.store(as: "brightness", in: &archive)
  #expect(try DistributionSummary("brightness", from: archive) == summary)
  archive.set("brightness.quantiles", [Double](repeating: 0, count: 7))
  #expect(throws: ModelError.self) { try DistributionSummary("brightness", from: archive) }
}
