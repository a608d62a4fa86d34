import FactoryModel
import Imaging
import Testing

@testable import Inspection

@Suite("Gray reference, local shifts") struct GrayLocalShiftTests {
  private static func score(_ part: GrayPart, _ model: GrayReferenceModel) throws -> Finding {
    var inspector = model.makeInspector()
    return try inspector.inspect(Frame(part.drawn(seed: 90)), InspectionRequest(minimumScore: 10))
  }

  private static func model(localShift: Double) throws -> GrayReferenceModel {
    var settings = GrayReferenceSettings()
    settings.localShift = localShift
    return try grayModel(parts: 6, settings: settings)
  }

  @Test("a part that bends passes where local shifts are followed, and only there")
  func followsBend() throws {
    let rigid = try Self.model(localShift: 0)
    let bending = try Self.model(localShift: 4)
    for bend in [-5.0, 5] {
      var part = GrayPart(dx: 2.4, dy: -1.3, degrees: 1, gain: 0.93)
      part.bend = bend
      let (stiff, soft) = (try Self.score(part, rigid).score, try Self.score(part, bending).score)
      print("bend \(bend): score \(stiff), with local shifts \(soft)")
      #expect(stiff > 100 && soft < 10)
    }
  }

  @Test("a defect on a bent part is found where it lies and measures what it is")
  func findsDefect() throws {
    let bending = try Self.model(localShift: 4)
    var part = GrayPart(dx: 2.4, dy: -1.3)
    part.bend = 5
    part.bar = .init(x: -35, y: -20, length: 24, width: 3, degrees: 30, contrast: -45)
    let worst = try #require(try Self.score(part, bending).defects.first)
    print(worst)
    #expect(worst.score > 20)
    #expect(abs((worst.length ?? 0) - 24) < 3)
    #expect(abs(Double(worst.x) + Double(worst.width) / 2 - (99.5 - 35 + 2.4 + 0.25)) < 3)
    #expect(abs(Double(worst.y) + Double(worst.height) / 2 - (89.5 - 20 - 1.3)) < 3)
  }

  @Test(
    "defects of a straight part lose little, edges of it included", arguments: [-35.0, -70, 18])
  func keepsDefects(x: Double) throws {
    var part = GrayPart()
    part.bar = .init(x: x, y: 4, length: 14, width: 5, degrees: 80, contrast: -50)
    let stiff = try Self.score(part, Self.model(localShift: 0)).score
    let soft = try Self.score(part, Self.model(localShift: 4)).score
    print("bar at \(x): score \(stiff), with local shifts \(soft)")
    #expect(soft > 0.7 * stiff)
  }

  @Test("the archive keeps the setting")
  func archive() throws {
    let model = try Self.model(localShift: 2.5)
    let read = try GrayReferenceModel(archive: ModelArchive(decoding: model.archive().encoded()))
    #expect(read.settings.localShift == 2.5)
    #expect(try Self.score(GrayPart(dx: 3), read).score == Self.score(GrayPart(dx: 3), model).score)
  }
}
