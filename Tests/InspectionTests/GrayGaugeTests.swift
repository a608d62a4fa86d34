import FactoryModel
import Imaging
import Testing

@testable import Inspection

@Suite("Gray gauge") struct GrayGaugeTests {
  @Test(
    "a scratch measures the same wherever the part lies and however it is lit",
    arguments: [(24.0, 3.0, 30.0), (16, 5, -70), (40, 4, 5)])
  func repeats(length: Double, width: Double, degrees: Double) throws {
    let millimetresPerPixel = 0.05
    let model = try grayModel(parts: 6)
    var inspector = model.makeInspector()
    var random = SeededGenerator(seed: 21)
    var lengths: [Double] = []
    for shot in 0..<12 {
      var part = GrayPart()
      part.dx = Double(random.uniform(-6, 6))
      part.dy = Double(random.uniform(-6, 6))
      part.degrees = Double(random.uniform(-3, 3))
      part.gain = Double(random.uniform(0.85, 1.1))
      part.offset = Double(random.uniform(-8, 15))
      part.bar = .init(
        x: 0, y: 47, length: length, width: width, degrees: degrees, contrast: -60)
      let found = try inspector.inspect(
        Frame(part.drawn(seed: 500 + UInt64(shot))), InspectionRequest(minimumScore: 10))
      lengths.append(try #require(found.defects.first?.length) * millimetresPerPixel)
    }
    let mean = lengths.reduce(0, +) / Double(lengths.count)
    let variance = lengths.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(lengths.count - 1)
    print(
      "seed 21: \(length * millimetresPerPixel) mm measures \(mean) mm, sigma "
        + "\(variance.squareRoot()) mm, range \(lengths.max()! - lengths.min()!) mm")
    #expect(variance.squareRoot() < 0.2 * millimetresPerPixel)
    #expect(abs(mean - length * millimetresPerPixel) < 0.7 * millimetresPerPixel)
  }

  @Test("slow changes of light vanish with shading cells, a spot does not")
  func removesShading() throws {
    var settings = GrayReferenceSettings()
    settings.shadingCell = 24
    var inspector = try grayModel(parts: 6, settings: settings).makeInspector()
    var plain = try grayModel(parts: 6).makeInspector()
    var plane = GrayPart().drawn(seed: 77)
    for y in 0..<plane.height {
      for x in 0..<plane.width {
        plane[x, y] = UInt8(min(Int(plane[x, y]) + (x - 100) * (y - 90) / 450, 255))
      }
    }
    let request = InspectionRequest(minimumScore: 2)
    #expect(try plain.inspect(Frame(plane), request).score > 3)
    #expect(try inspector.inspect(Frame(plane), request).score < 2)
    for y in 130..<136 { for x in 95..<101 { plane[x, y] = 20 } }
    #expect(try inspector.inspect(Frame(plane), request).score > 20)
  }
}
