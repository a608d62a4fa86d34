import FactoryModel
import Imaging
import SampleParts
import Testing

@testable import Inspection

@Suite("surface in tiles")
struct SurfaceTilesTests {
  private static let taught = Result { try SurfaceTests.teach(seed: 1) }

  /// A part of an odd size with a few dark spots.
  private func plane(_ width: Int, _ height: Int) -> Plane {
    var plane = SampleGenerator(family: .tiles, seed: 4, width: width, height: height)
      .defective(3)[0].plane
    for y in 200..<212 { for x in 90..<110 { plane[x, y] = 10 } }
    return plane
  }

  @Test(
    "score, defects and map are those of the image held whole",
    arguments: [(1, 11, 0), (1, 16, 1), (2, 9, 0), (3, 5, 1)] as [(Int, Int, Int32)])
  func sameAsWhole(_ shrink: Int, _ side: Int, _ direction: Int32) throws {
    let taught = try Self.taught.get()
    let finish = try #require(Finish(rawValue: direction))
    let model = SurfaceModel(
      shrink: shrink, finish: finish, mean: taught.mean, inverseDeviation: taught.inverseDeviation,
      network: taught.network, heldOutScores: [])
    let plane = plane(613, 475)
    let regions: [Region] = [
      .include(.rectangle(x: 20, y: 10, width: 500, height: 400)),
      .exclude(.polygon([.init(x: 300, y: 300), .init(x: 400, y: 300), .init(x: 330, y: 380)])),
    ]
    let mask = try RegionMask(of: regions, width: plane.width, height: plane.height)
    let rows = try RegionRows(of: regions, width: plane.width, height: plane.height)
    var whole = SurfaceInspector(model, workers: OneWorker())
    let expected = try whole.inspect(
      Frame(plane), InspectionRequest(minimumScore: -3, wantsMap: true, regions: mask))
    let tiles = SurfaceTiles(
      statistics: PaddedStatistics(
        mean: model.mean, inverseDeviation: model.inverseDeviation),
      network: FoldedNetwork(model.network), workers: OneWorker(), finish: finish, side: side,
      shares: 3)
    let found = try whole.inspect(
      PlaneRows(plane), within: rows, InspectionRequest(minimumScore: -3, wantsMap: true), tiles)
    #expect(found.score == expected.score)
    #expect(found.defects == expected.defects)
    #expect(!found.defects.isEmpty)
    #expect(found.map?.values == expected.map?.values)
  }

  @Test("an image of a single tile, and one below a cell")
  func small() throws {
    let model = try Self.taught.get()
    let plane = SampleGenerator(family: .tiles, seed: 2, width: 120, height: 64).good(3)[0].plane
    var inspector = SurfaceInspector(model, workers: OneWorker())
    let request = InspectionRequest(minimumScore: -10)
    let expected = try inspector.inspect(Frame(plane), request)
    let found = try inspector.inspect(PlaneRows(plane), within: nil, request, OneWorker())
    #expect(found.score == expected.score)
    #expect(found.defects == expected.defects)
    #expect(throws: InspectionError.tooSmall(found: "7 × 50", smallest: "8 × 8")) {
      try inspector.inspect(
        PlaneRows(Plane(width: 7, height: 50)), within: nil, request, OneWorker())
    }
  }
}
