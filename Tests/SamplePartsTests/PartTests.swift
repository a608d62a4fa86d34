import Imaging
import SampleParts
import Testing

@Suite struct PartTests {
  static let families: [SampleFamily] = [.castings, .tiles]

  static func generator(_ family: SampleFamily, exposures: Int = 1) -> SampleGenerator {
    SampleGenerator(family: family, seed: 7, width: 120, height: 140, exposures: exposures)
  }

  @Test(
    "the same seed gives the same bytes on every machine",
    arguments: [
      (SampleFamily.castings, UInt32(879_578_736), UInt32(934_907_698)),
      (.tiles, 47_233_602, 1_353_438_244),
    ])
  func golden(_ family: SampleFamily, _ good: UInt32, _ defective: UInt32) {
    let generator = SampleGenerator(family: family, seed: 1)
    #expect(crc32(of: generator.good(1)[0].plane.pixels) == good)
    let bytes = family.kinds.flatMap { generator.defective(2, kind: $0)[0].plane.pixels }
    #expect(crc32(of: bytes) == defective)
  }

  @Test("a defect changes pixels inside its mask and nowhere else", arguments: families)
  func masks(_ family: SampleFamily) throws {
    let generator = PartTests.generator(family, exposures: 2)
    for kind in family.kinds {
      for index in 0..<6 {
        let good = generator.good(index)
        for (clean, part) in zip(good, generator.defective(index, kind: kind)) {
          let mask = try #require(part.mask)
          #expect(part.kind == kind && clean.kind == nil)
          var inside = 0
          var changed = 0
          for pixel in mask.pixels.indices {
            let differs = clean.plane.pixels[pixel] != part.plane.pixels[pixel]
            if mask.pixels[pixel] == 255 {
              inside += 1
              changed += differs ? 1 : 0
            } else if differs {
              Issue.record("\(kind) of part \(index) changed pixel \(pixel) outside its mask")
            }
          }
          #expect(inside >= 4, "\(kind) of part \(index): \(inside) pixels")
          #expect(changed * 10 >= inside * 7, "\(kind) of part \(index): \(changed) of \(inside)")
        }
      }
    }
  }

  @Test("severities spread from hard to plain", arguments: families)
  func severities(_ family: SampleFamily) throws {
    let generator = PartTests.generator(family)
    let severities = (0..<20).compactMap { generator.defective($0)[0].severity }
    #expect(severities.count == 20)
    #expect(try #require(severities.min()) < 0.25)
    #expect(try #require(severities.max()) > 0.75)
  }

  @Test("exposures show one part under another light", arguments: families)
  func exposures(_ family: SampleFamily) {
    let pictures = PartTests.generator(family, exposures: 4).good(3)
    #expect(Set(pictures.map(\.part)) == ["part0003"])
    #expect(Set(pictures.map(\.plane)).count == 4)
    let other = PartTests.generator(family).good(4)[0]
    for picture in pictures.dropFirst() {
      let same = correlation(pictures[0].plane, picture.plane)
      #expect(same > 0.8 && same > correlation(other.plane, picture.plane))
    }
  }

  @Test("no two parts are alike", arguments: families)
  func distinct(_ family: SampleFamily) {
    let generator = PartTests.generator(family)
    let pictures = (0..<24).map { generator.good($0)[0].plane }
    #expect(Set(pictures).count == 24)
    let other = SampleGenerator(family: family, seed: 8, width: 120, height: 140)
    #expect(other.good(0)[0].plane != pictures[0])
  }

  @Test("tiles have sizes of their own unless told")
  func tileSizes() {
    let generator = SampleGenerator(family: .tiles, seed: 3)
    let sizes = Set((0..<4).map { [generator.good($0)[0].plane.width] })
    #expect(sizes.count > 1)
  }

  /// Pearson's correlation of gray levels.
  private func correlation(_ left: Plane, _ right: Plane) -> Double {
    let count = Double(left.pixels.count)
    let leftMean = left.pixels.reduce(0.0) { $0 + Double($1) } / count
    let rightMean = right.pixels.reduce(0.0) { $0 + Double($1) } / count
    var (both, leftSquare, rightSquare) = (0.0, 0.0, 0.0)
    for (one, other) in zip(left.pixels, right.pixels) {
      let (a, b) = (Double(one) - leftMean, Double(other) - rightMean)
      both += a * b
      leftSquare += a * a
      rightSquare += b * b
    }
    return both / (leftSquare * rightSquare).squareRoot()
  }
}
