import FactoryModel
import Imaging
import SampleParts
import Testing

@testable import Inspection

@Suite("surface")
struct SurfaceTests {
  /// Ground tiles, a few of them, taught quickly.
  static func teach(
    seed: UInt64, workers: any Workers = OneWorker(), regions: RegionMask? = nil
  ) throws -> SurfaceModel {
    let generator = SampleGenerator(family: .tiles, seed: 2, width: 120, height: 120)
    let images = (0..<10).map { index in
      TeachingImage(name: "\(index)", part: "\(index)") { Frame(generator.good(index)[0].plane) }
    }
    var settings = SurfaceSettings()
    settings.syntheticPictures = 20
    settings.goodCells = 1200
    settings.teacherEpochs = 8
    settings.studentEpochs = 8
    return try SurfaceTeaching.teach(
      TeachingSet(good: images, seed: seed, regions: regions), settings: settings,
      workers: workers
    ) { _ in }
  }

  /// Taught once for all tests.
  private static let taught = Result { try teach(seed: 1) }

  @Test("same images and seed give the same bytes whatever the workers, another seed gives others")
  func deterministic() throws {
    let model = try Self.taught.get()
    let workers = BackwardWorkers(count: 4)
    let again = try Self.teach(seed: 1, workers: workers)
    #expect(model.archive().encoded() == again.archive().encoded())
    let region = RegionMask(
      width: 120, height: 120, flags: (0..<120 * 120).map { $0 % 120 < 60 ? 255 : 0 })
    let other = try Self.teach(seed: 2, regions: region)
    #expect(model.archive().encoded() != other.archive().encoded())
  }

  @Test(
    "a score is the mean of the largest of the judged cells, one in 400, from one to four",
    arguments: [(3, 1), (120, 1), (599, 1), (600, 2), (1369, 3), (1400, 4), (250_000, 4)])
  func largestLogits(cells: Int, counted: Int) {
    var generator = SeededGenerator(seed: UInt64(cells))
    let judged = (0..<cells).map { _ in generator.uniform(-8, 8) }
    let expected = judged.sorted().suffix(counted).reduce(0, +) / Float(counted)
    let leftOut = [Float](repeating: SurfaceDefects.leftOut, count: 2000)
    let score = LargestLogits(of: judged + leftOut).mean(judged + leftOut)
    #expect(abs(score - Double(expected)) < 1e-5)
    // A defect of fewer cells than make the image's score is the mean of its own.
    #expect(LargestLogits(of: judged).mean([1]) == 1)
  }

  @Test("every taught part has a score by networks that do not know it")
  func heldOut() throws {
    let scores = try Self.taught.get().heldOutScores
    #expect(scores.map(\.part) == (0..<10).map { "\($0)" })
    #expect(scores.allSatisfy { $0.score.isFinite && !$0.isDefective })
  }

  @Test("workers that share a frame find what one finds", arguments: [2, 3])
  func sharedFrame(_ count: Int) throws {
    let model = try Self.taught.get()
    let generator = SampleGenerator(family: .tiles, seed: 2, width: 131, height: 203)
    var one = model.makeInspector()
    var many = model.makeInspector(BackwardWorkers(count: count))
    for index in 10..<13 {
      let frame = Frame(generator.defective(index)[0].plane)
      let request = InspectionRequest(minimumScore: -1, wantsMap: true)
      let alone = try one.inspect(frame, request)
      let shared = try many.inspect(frame, request)
      #expect(alone.score == shared.score)
      #expect(alone.map?.values == shared.map?.values)
      #expect(alone.defects == shared.defects)
    }
  }

  @Test("parts turned by a quarter are taught and judged as the upright ones")
  func turned() throws {
    let generator = SampleGenerator(family: .tiles, seed: 2, width: 120, height: 160)
    let planes = (0..<10).map { generator.good($0)[0].plane }
    var settings = SurfaceSettings()
    (settings.syntheticPictures, settings.goodCells) = (20, 1200)
    (settings.teacherEpochs, settings.studentEpochs) = (2, 2)
    func teach(_ planes: [Plane]) throws -> SurfaceModel {
      let images = planes.enumerated().map { index, plane in
        TeachingImage(name: "\(index)", part: "\(index)") { Frame(plane) }
      }
      return try SurfaceTeaching.teach(
        TeachingSet(good: images, seed: 1), settings: settings, workers: OneWorker()
      ) { _ in }
    }
    let upright = try teach(planes)
    let turned = try teach(planes.map(\.transposed))
    #expect(upright.finish == .columns && turned.finish == .rows)
    #expect(upright.heldOutScores == turned.heldOutScores)
    let plane = generator.defective(11)[0].plane
    let request = InspectionRequest(minimumScore: -30, wantsMap: true)
    var (one, other) = (upright.makeInspector(), turned.makeInspector())
    let expected = try one.inspect(Frame(plane), request)
    let found = try other.inspect(Frame(plane.transposed), request)
    #expect(found.score == expected.score)
    let map = try #require(expected.map)
    #expect(
      found.map?.values == Transposition.of(map.values, width: map.width, height: map.height))
    let (box, same) = (try #require(found.defects.first), try #require(expected.defects.first))
    #expect(
      box.x == same.y && box.y == same.x && box.width == same.height && box.height == same.width)
  }

  @Test("a region without a cell cannot be taught")
  func emptyRegion() throws {
    let nothing = RegionMask(
      width: 120, height: 120, flags: [UInt8](repeating: 0, count: 120 * 120))
    #expect(
      throws: InspectionError.cannotTeach(
        reason: "the regions leave no cell of 8 pixels to judge", mend: "draw larger regions")
    ) { try Self.teach(seed: 1, regions: nothing) }
  }

  @Test("a read model scores as the written one; a rejected part lists at least one defect")
  func readBack() throws {
    let model = try Self.taught.get()
    let read = try SurfaceModel(archive: ModelArchive(decoding: model.archive().encoded()))
    let generator = SampleGenerator(family: .tiles, seed: 2, width: 120, height: 120)
    var one = model.makeInspector()
    var other = read.makeInspector()
    for index in 10..<14 {
      let frame = Frame(generator.defective(index)[0].plane)
      let score = try one.inspect(frame, InspectionRequest(minimumScore: .infinity)).score
      let finding = try other.inspect(frame, InspectionRequest(minimumScore: score, wantsMap: true))
      #expect(finding.score == score)
      #expect((finding.defects.first?.score ?? -99) >= score)
      #expect(finding.map?.values.count == 15 * 15)
      for defect in finding.defects {
        #expect(defect.x >= 0 && defect.x + defect.width <= 120)
        #expect(defect.y >= 0 && defect.y + defect.height <= 120)
      }
    }
  }

  @Test("outside the region nothing is judged")
  func regions() throws {
    let model = try Self.taught.get()
    var inspector = model.makeInspector()
    var plane = SampleGenerator(family: .tiles, seed: 2, width: 120, height: 120).good(3)[0].plane
    let clean = plane
    for y in 80..<100 { for x in 80..<100 { plane[x, y] = 0 } }
    let left = (0..<120 * 120).map { UInt8($0 % 120 < 40 ? 255 : 0) }
    let mask = RegionMask(width: 120, height: 120, flags: left)
    let everywhere = InspectionRequest(minimumScore: 0)
    let inside = InspectionRequest(minimumScore: 0, wantsMap: true, regions: mask)
    let whole = try inspector.inspect(Frame(plane), everywhere).score
    #expect(whole > (try inspector.inspect(Frame(clean), everywhere).score))
    let finding = try inspector.inspect(Frame(plane), inside)
    #expect(finding.score < whole)
    #expect(finding.defects.allSatisfy { $0.x < 40 })
  }

  @Test("a region of one cell scores as that cell, and none judged as nothing")
  func smallRegion() throws {
    var inspector = try Self.taught.get().makeInspector()
    let plane = SampleGenerator(family: .tiles, seed: 2, width: 120, height: 120).good(3)[0].plane
    let cell = (0..<120 * 120).map { UInt8($0 % 120 / 8 == 4 && $0 / 120 / 8 == 6 ? 255 : 0) }
    let one = RegionMask(width: 120, height: 120, flags: cell)
    let whole = try inspector.inspect(
      Frame(plane), InspectionRequest(minimumScore: 0, wantsMap: true))
    let part = try inspector.inspect(Frame(plane), InspectionRequest(minimumScore: 0, regions: one))
    #expect(part.score == Double(whole.map?.values[6 * 15 + 4] ?? 0))
    let nothing = RegionMask(width: 120, height: 120, flags: cell.map { _ in 0 })
    let none = try inspector.inspect(
      Frame(plane), InspectionRequest(minimumScore: -20, regions: nothing))
    #expect(none.score == -30)
    #expect(none.defects.isEmpty)
  }

  @Test("an image below one cell is refused in words")
  func tooSmall() throws {
    var inspector = try Self.taught.get().makeInspector()
    #expect(throws: InspectionError.tooSmall(found: "7 × 50", smallest: "8 × 8")) {
      try inspector.inspect(
        Frame(Plane(width: 7, height: 50)), InspectionRequest(minimumScore: 0))
    }
  }
}
