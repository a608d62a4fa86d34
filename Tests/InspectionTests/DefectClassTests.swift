import FactoryModel
import Imaging
import Testing

@testable import Inspection

/// A noisy gray surface with one mark, and the mark's box as a method would give it.
private func part(_ kind: String, _ random: inout SeededGenerator) -> (Plane, Defect) {
  var plane = Plane(width: 120, height: 100)
  for i in plane.pixels.indices { plane.pixels[i] = UInt8(110 + random.below(20)) }
  let x = 20 + random.below(50)
  let y = 20 + random.below(40)
  let isLevel = random.below(2) == 0
  let (width, height) = kind == "scratch" ? (isLevel ? (40, 2) : (2, 40)) : (14, 14)
  let level = kind == "stain" ? 200 : 40
  for row in y..<y + height {
    for column in x..<x + width {
      let (u, v) = (Double(column - x) - 6.5, Double(row - y) - 6.5)
      if kind != "scratch", u * u + v * v > 49 { continue }
      plane[column, row] = UInt8(level + random.below(20))
    }
  }
  // Boxes of methods are wider than the mark, by whole cells.
  let defect = Defect(
    score: 5, x: x - random.below(5), y: y - random.below(5), width: width + 5 + random.below(4),
    height: height + 5 + random.below(4), area: 100)
  return (plane, defect)
}

private func examples(_ count: Int, seed: UInt64) -> [DefectClassifier.Example] {
  var random = SeededGenerator(seed: seed)
  return ["dent", "scratch", "stain"].flatMap { kind in
    (0..<count).map { _ in
      let (plane, defect) = part(kind, &random)
      return DefectClassifier.Example(defect, in: plane, kind: kind)
    }
  }
}

@Suite("Classes of defects") struct DefectClassTests {
  @Test("long, round dark and round bright marks are told apart on parts never seen")
  func tellsApart() throws {
    let classifier = try #require(
      try DefectClassifier(examples(12, seed: 3), seed: 1, workers: OneWorker()))
    #expect(classifier.kinds == ["dent", "scratch", "stain"])
    var random = SeededGenerator(seed: 4)
    var right = 0
    for kind in ["dent", "scratch", "stain"] {
      for _ in 0..<20 {
        let (plane, defect) = part(kind, &random)
        if classifier.kind(of: defect, in: plane) == kind { right += 1 }
      }
    }
    #expect(right >= 58, "\(right) of 60, seed 4")
  }

  @Test("through the archive and taught again it names alike")
  func archive() throws {
    let classifier = try #require(
      try DefectClassifier(examples(8, seed: 5), seed: 1, workers: OneWorker()))
    var archive = ModelArchive(method: "surface")
    DefectClassifier.store(classifier, in: &archive)
    let read = try #require(try DefectClassifier(from: ModelArchive(decoding: archive.encoded())))
    var again = ModelArchive(method: "surface")
    DefectClassifier.store(
      try DefectClassifier(examples(8, seed: 5), seed: 1, workers: OneWorker()), in: &again)
    #expect(again.encoded() == archive.encoded())
    var random = SeededGenerator(seed: 6)
    for kind in ["dent", "scratch", "stain"] {
      let (plane, defect) = part(kind, &random)
      #expect(read.kind(of: defect, in: plane) == classifier.kind(of: defect, in: plane))
    }
    var none = ModelArchive(method: "surface")
    DefectClassifier.store(nil, in: &none)
    let nothing = try DefectClassifier(from: none)
    #expect(nothing == nil)
    let older = try DefectClassifier(from: ModelArchive(method: "x"))
    #expect(older == nil)
    archive.set("defect classes.roots", [7, 8, 9_999] as [Int32])
    let damaged = archive
    #expect(throws: ModelError.self) { _ = try DefectClassifier(from: damaged) }
  }

  @Test("one class, or classes of few examples, give no classifier")
  func tooFew() throws {
    let few = examples(4, seed: 7)
    let ofFew = try DefectClassifier(few, seed: 0, workers: OneWorker())
    #expect(ofFew == nil)
    let one = examples(9, seed: 7).filter { $0.kind == "dent" }
    let ofOne = try DefectClassifier(one, seed: 0, workers: OneWorker())
    #expect(ofOne == nil)
  }

  @Test("every number is finite at the border, in a corner and over the whole picture")
  func finite() {
    let plane = Plane(width: 16, height: 9, filledWith: 70)
    for box in [(0, 0, 16, 9), (0, 0, 1, 1), (15, 8, 1, 1), (3, 0, 4, 9)] {
      let defect = Defect(
        score: 1, x: box.0, y: box.1, width: box.2, height: box.3, area: box.2 * box.3)
      let features = DefectShape(defect, in: plane).features
      #expect(features.count == DefectShape.count)
      #expect(features.allSatisfy { $0.isFinite }, "\(box)")
    }
  }
}
