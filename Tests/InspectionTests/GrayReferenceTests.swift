import FactoryModel
import Imaging
import Testing

@testable import Inspection

@Suite("Gray reference") struct GrayReferenceTests {
  private func finding(_ part: GrayPart, _ model: GrayReferenceModel, seed: UInt64 = 99) throws
    -> Finding
  {
    var inspector = model.makeInspector()
    return try inspector.inspect(
      Frame(part.drawn(seed: seed)), InspectionRequest(minimumScore: 2))
  }

  @Test("good parts score low, wherever they lie and however they are lit")
  func passesGood() throws {
    let model = try grayModel()
    for (dx, dy, degrees, gain) in [(0.0, 0.0, 0.0, 1.0), (5.4, -3.3, 1.5, 0.9), (-8, 7, -3, 1.1)] {
      let found = try finding(GrayPart(dx: dx, dy: dy, degrees: degrees, gain: gain), model)
      print("good", found.score, found.defects.count)
      #expect(found.score < 2)
    }
  }

  @Test("a scratch is found with place, length and contrast")
  func findsScratch() throws {
    let model = try grayModel()
    var part = GrayPart(dx: 2.3, dy: -1.6, degrees: 1)
    part.bar = .init(x: -35, y: -20, length: 24, width: 3, degrees: 30, contrast: -45)
    let found = try finding(part, model)
    let worst = try #require(found.defects.first)
    print(found.score, worst)
    #expect(found.score > 20 && worst.score == found.score)
    #expect(worst.contrast ?? 0 < -15)
    #expect(abs((worst.length ?? 0) - 24) < 3)
    #expect(abs(Double(worst.x) + Double(worst.width) / 2 - (99.5 - 35 + 2.3)) < 3)
    #expect(abs(Double(worst.y) + Double(worst.height) / 2 - (89.5 - 20 - 1.6)) < 3)
  }

  @Test("a rejected image names a defect at every threshold its score reaches")
  func namesDefect() throws {
    let model = try grayModel(parts: 4)
    var inspector = model.makeInspector()
    var part = GrayPart()
    for contrast in stride(from: -60.0, through: 0, by: 6) {
      part.bar = .init(x: 20, y: 0, length: 12, width: 4, contrast: contrast)
      let frame = Frame(part.drawn(seed: 5))
      let score = try inspector.inspect(frame, InspectionRequest(minimumScore: 1)).score
      let again = try inspector.inspect(frame, InspectionRequest(minimumScore: score))
      #expect(again.score == score)
      #expect(again.defects.first?.score == score, "contrast \(contrast)")
    }
  }

  @Test("the archive gives back a model that judges alike")
  func archives() throws {
    let model = try grayModel(parts: 3)
    let bytes = model.archive().encoded()
    let again = try GrayReferenceModel(archive: ModelArchive(decoding: bytes))
    #expect(again.archive().encoded() == bytes)
    var part = GrayPart(dx: 1)
    part.bar = .init(x: 20, y: 0, length: 12, width: 4, contrast: 40)
    let (a, b) = (try finding(part, model), try finding(part, again))
    #expect(a.score == b.score && a.defects == b.defects)
    #expect(again.settings == model.settings)
  }

  @Test("an image of another size is refused")
  func refusesSize() throws {
    var inspector = try grayModel(parts: 1).makeInspector()
    #expect(throws: InspectionError.wrongSize(found: "9 × 9", taught: "200 × 180")) {
      try inspector.inspect(
        Frame(Plane(width: 9, height: 9)), InspectionRequest(minimumScore: 1))
    }
  }

  @Test("a frame's own reference takes the place of the taught one")
  func comparesWithOwnReference() throws {
    var inspector = try grayModel(parts: 2).makeInspector()
    let plain = Plane(width: 200, height: 180, filledWith: 80)
    var other = plain
    for y in 50..<60 { for x in 70..<90 { other[x, y] = 160 } }
    let request = InspectionRequest(minimumScore: 5, wantsMap: true)
    #expect(try inspector.inspect(Frame(plain, reference: plain), request).score == 0)
    let found = try inspector.inspect(Frame(other, reference: plain), request)
    #expect(found.defects.count == 1)
    // Smoothing widens the difference by a pixel.
    #expect(found.defects.first.map { [$0.x, $0.y, $0.area] } == [69, 49, 22 * 12 - 4])
    let map = try #require(found.map)
    let shown = try #require(map.shown)
    #expect(map.values.count == 200 * 180)
    #expect(map.values[55 * 200 + 80] > shown.upperBound && map.values[0] < shown.lowerBound)
  }

  @Test("nothing is judged outside the regions")
  func keepsToRegions() throws {
    let model = try grayModel(parts: 4)
    var part = GrayPart()
    part.bar = .init(x: 40, y: 0, length: 20, width: 6, contrast: 60)
    var inspector = model.makeInspector()
    let left = RegionMask(
      width: 200, height: 180, flags: (0..<200 * 180).map { $0 % 200 < 100 ? 255 : 0 })
    let frame = Frame(part.drawn(seed: 3))
    #expect(try inspector.inspect(frame, InspectionRequest(minimumScore: 1)).score > 20)
    let inside = try inspector.inspect(frame, InspectionRequest(minimumScore: 1, regions: left))
    #expect(inside.score < 2)
  }

  @Test("what moves in an excluded region neither shifts nor darkens the part")
  func alignsWithinRegions() throws {
    // A bright block left of the part, which lies elsewhere in every picture.
    @Sendable func picture(_ seed: UInt64, blockAt row: Int) -> Plane {
      var plane = GrayPart().drawn(seed: seed)
      for y in row..<row + 60 { for x in 0..<25 { plane[x, y] = 250 } }
      return plane
    }
    let flags = (0..<200 * 180).map { UInt8($0 % 200 < 30 ? 0 : 255) }
    let region = RegionMask(width: 200, height: 180, flags: flags)
    let images = (0..<8).map { index in
      TeachingImage(name: "\(index)", part: "\(index)") {
        Frame(picture(UInt64(index), blockAt: index * 15))
      }
    }
    let model = try GrayReferenceTeaching.teach(
      TeachingSet(good: images, regions: region), settings: GrayReferenceSettings(),
      workers: OneWorker(), progress: { _ in })
    #expect(model.region == RegionRuns(region))
    let bytes = model.archive().encoded()
    #expect(
      try GrayReferenceModel(archive: ModelArchive(decoding: bytes)).region == model.region)
    var alignment = GrayAlignment(width: 200, height: 180, settings: model.settings)
    try alignment.align(PlaneRows(picture(50, blockAt: 119)), to: model)
    #expect(alignment.pose.motion.largestMove(width: 200, height: 180) < 0.1)
    #expect(abs(alignment.pose.gain - 4096) < 100)
  }
}
