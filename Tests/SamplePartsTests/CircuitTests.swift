import Imaging
import SampleParts
import Testing

@Suite struct CircuitTests {
  static let pairs = (0..<3).map { SampleGenerator(family: .circuits, seed: 11).circuitPair($0) }

  @Test("the same seed gives the same circuit")
  func golden() {
    #expect(crc32(of: CircuitTests.pairs[0].template.pixels) == 2_857_299_183)
    #expect(crc32(of: CircuitTests.pairs[0].test.pixels) == 365_097_413)
  }

  @Test("pictures are black and white, and no two circuits are alike")
  func blackAndWhite() {
    for pair in CircuitTests.pairs {
      #expect(Set(pair.template.pixels + pair.test.pixels) == [0, 255])
    }
    #expect(Set(CircuitTests.pairs.map(\.template)).count == 3)
  }

  @Test("every changed pixel lies in a box, every box holds a change, boxes do not meet")
  func boxes() {
    for pair in CircuitTests.pairs {
      #expect(pair.defects.count >= 3)
      var counts = [Int](repeating: 0, count: pair.defects.count)
      for y in 0..<pair.mask.height {
        for x in 0..<pair.mask.width where pair.mask[x, y] != 0 {
          let holders = pair.defects.indices.filter { index in
            let box = pair.defects[index]
            return (box.left...box.right).contains(x) && (box.top...box.bottom).contains(y)
          }
          #expect(holders.count == 1, "pixel (\(x), \(y)) lies in \(holders.count) boxes")
          if let first = holders.first { counts[first] += 1 }
        }
      }
      #expect(counts.allSatisfy { $0 >= 4 }, "\(counts)")
    }
  }

  @Test("shorts and copper add copper, the others take it away")
  func polarity() {
    for pair in CircuitTests.pairs {
      for defect in pair.defects {
        let adds = [.short, .spur, .copper].contains(defect.kind)
        for y in defect.top...defect.bottom {
          for x in defect.left...defect.right where pair.mask[x, y] != 0 {
            #expect(pair.test[x, y] == (adds ? 0 : 255), "\(defect.kind) at (\(x), \(y))")
          }
        }
      }
    }
  }

  @Test("template and test differ in more than the defects, but not by much")
  func misaligned() {
    for pair in CircuitTests.pairs {
      let differing = zip(pair.template.pixels, pair.test.pixels).count { $0 != $1 }
      let defective = pair.mask.pixels.count { $0 != 0 }
      #expect(differing > defective)
      #expect(differing * 100 < pair.mask.pixels.count * 6)
    }
  }

  @Test("a good pair is the same circuit with its defects taken back")
  func good() {
    let generator = SampleGenerator(family: .circuits, seed: 11)
    let good = generator.goodCircuitPair(0)
    let found = CircuitTests.pairs[0]
    #expect(good.template == found.template && good.defects.isEmpty)
    let changed = zip(good.test.pixels, found.test.pixels).map { $0 != $1 }
    #expect(changed == found.mask.pixels.map { $0 != 0 })
  }
}
