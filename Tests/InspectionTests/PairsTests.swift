import FactoryModel
import Imaging
import Testing

@testable import Inspection

@Suite struct PairsTests {
  /// Bright tracks on a dark board; `fault` brightens a spot between two of them.
  private static func board(faultAt fault: (x: Int, y: Int)? = nil) -> Plane {
    var plane = Plane(width: 150, height: 100)
    for y in 0..<100 {
      for x in 0..<150 where x % 30 < 10 { plane[x, y] = 255 }
    }
    if let fault {
      for y in fault.y..<fault.y + 7 {
        for x in fault.x..<fault.x + 7 { plane[x, y] = 255 }
      }
    }
    return plane
  }

  private static func set() -> TeachingSet {
    let images = (0..<12).map { i in
      let x = 17 + 30 * (i % 4)
      let y = 20 + 5 * i
      let box = LabelledBox(x1: x - 10, y1: y - 10, x2: x + 17, y2: y + 17, kind: "copper")
      return TeachingImage(name: "\(i)", part: "\(i)", boxes: [box]) {
        Frame(board(faultAt: (x, y)), reference: board())
      }
    }
    return TeachingSet(good: [], defects: images, seed: 1)
  }

  private static func teach(_ set: TeachingSet) throws -> PairsModel {
    var settings = PairsSettings()
    settings.rounds = 5
    return try PairsTeaching.teach(set, settings: settings, workers: OneWorker()) { _ in }
  }

  @Test func `A taught model finds the fault, and says the same after its archive`() throws {
    let model = try Self.teach(Self.set())
    let again = try PairsModel(archive: ModelArchive(decoding: model.archive().encoded()))
    let frame = Frame(Self.board(faultAt: (47, 50)), reference: Self.board())
    var first = model.makeInspector()
    var second = again.makeInspector()
    let finding = try first.inspect(frame, InspectionRequest(minimumScore: 0))
    let other = try second.inspect(frame, InspectionRequest(minimumScore: 0))
    #expect(finding.defects == other.defects)
    let worst = try #require(finding.defects.first)
    #expect(worst.kind == "copper")
    #expect((worst.x...worst.x + worst.width).contains(50))
    #expect((worst.y...worst.y + worst.height).contains(53))
    let repeated = try Self.teach(Self.set()).archive().encoded()
    #expect(model.archive().encoded() == repeated)
  }

  @Test func `Pairs that come row by row are judged as those held whole`() throws {
    let model = try Self.teach(Self.set())
    let regions: [Region] = [.include(.rectangle(x: 0, y: 30, width: 150, height: 70))]
    let mask = try RegionMask(of: regions, width: 150, height: 100)
    let rows = try RegionRows(of: regions, width: 150, height: 100)
    var inspector = try #require(model.makeInspector() as? any PairRowInspector)
    for (fault, drawn) in [
      ((47, 50), false), ((47, 50), true), ((77, 10), false), ((77, 10), true),
    ] {
      let image = Self.board(faultAt: fault)
      let whole = try inspector.inspect(
        Frame(image, reference: Self.board()),
        InspectionRequest(minimumScore: 0, wantsMap: true, regions: drawn ? mask : nil))
      let found = try inspector.inspect(
        PlaneRows(image), beside: PlaneRows(Self.board()), within: drawn ? rows : nil,
        InspectionRequest(minimumScore: 0, wantsMap: true))
      #expect(found.score == whole.score && found.defects == whole.defects)
      #expect(found.map?.values == whole.map?.values)
      #expect(found.defects.isEmpty == (drawn && fault.1 == 10), "\(fault), regions \(drawn)")
    }
    #expect(throws: InspectionError.self) {
      try inspector.inspect(
        PlaneRows(Self.board()), beside: PlaneRows(Plane(width: 20, height: 20)), within: nil,
        InspectionRequest(minimumScore: 0))
    }
  }

  @Test func `Bits read in strips are those of the image held whole`() throws {
    var random = SeededGenerator(seed: 4)
    var plane = Plane(width: 1501, height: 901)
    for index in plane.pixels.indices { plane.pixels[index] = UInt8(random.uniform(0, 255)) }
    let strips = try BitPlane(PlaneRows(plane), threshold: 120)
    #expect(strips.words == BitPlane(plane, threshold: 120).words)
  }

  @Test func `Equal images have no defect, and rules need no labels`() throws {
    let good = TeachingImage(name: "g", part: "g") {
      Frame(Self.board(), reference: Self.board())
    }
    var inspector = try Self.teach(TeachingSet(good: [good])).makeInspector()
    let request = InspectionRequest(minimumScore: 0)
    let equal = try inspector.inspect(Frame(Self.board(), reference: Self.board()), request)
    #expect(equal.defects.isEmpty && equal.score == 0)
    let frame = Frame(Self.board(faultAt: (47, 50)), reference: Self.board())
    #expect(try inspector.inspect(frame, request).defects.first?.kind == "defect")
  }

  @Test func `Regions leave faults out, and the map shows where faults differ`() throws {
    var inspector = try Self.teach(Self.set()).makeInspector()
    let frame = Frame(Self.board(faultAt: (47, 50)), reference: Self.board())
    for (isInside, x) in [(true, 40..<60), (false, 90..<120)] {
      var flags = [UInt8](repeating: 0, count: 150 * 100)
      for i in flags.indices where x.contains(i % 150) { flags[i] = 255 }
      let finding = try inspector.inspect(
        frame,
        InspectionRequest(
          minimumScore: 0, wantsMap: true,
          regions: RegionMask(width: 150, height: 100, flags: flags)))
      #expect(finding.defects.isEmpty != isInside)
      let map = try #require(finding.map)
      let marked = map.values.indices.filter { map.values[$0] > 0 }
      // Every pixel of the fault differs: 7 × 7.
      #expect(marked.count == (isInside ? 49 : 0))
      #expect(marked.allSatisfy { 47..<54 ~= $0 % 150 && 50..<57 ~= $0 / 150 })
      #expect(map.values.max() == Float(finding.score))
    }
    #expect(throws: InspectionError.self) {
      try inspector.inspect(
        frame,
        InspectionRequest(
          minimumScore: 0,
          regions: RegionMask(width: 9, height: 9, flags: [UInt8](repeating: 255, count: 81))))
    }
  }

  @Test func `A missing or differently sized reference is refused`() throws {
    var inspector = try Self.teach(Self.set()).makeInspector()
    let request = InspectionRequest(minimumScore: 0)
    #expect(throws: InspectionError.referenceMissing) {
      try inspector.inspect(Frame(Self.board()), request)
    }
    #expect(throws: InspectionError.self) {
      try inspector.inspect(
        Frame(Self.board(), reference: Plane(width: 9, height: 9)), request)
    }
  }
}

@Suite struct BoxEvaluationTests {
  @Test func `A box of the wrong class uses up the label and is a false alarm`() {
    let label = LabelledBox(x1: 0, y1: 0, x2: 10, y2: 10, kind: "a")
    var wrong = label
    wrong.kind = "b"
    var evaluation = BoxEvaluation()
    evaluation.add(
      found: [
        ScoredBox(box: label, confidence: 0.5), ScoredBox(box: wrong, confidence: 0.9),
      ], labels: [label])
    #expect(evaluation.averagePrecision == 0)
    evaluation.add(found: [ScoredBox(box: label, confidence: 0.95)], labels: [label])
    #expect(evaluation.averagePrecision == 0.5)
    #expect(evaluation.fScore(at: 0.92) == 2.0 / 3)
    #expect(evaluation.bestThreshold?.threshold == 0.95)
  }
}
