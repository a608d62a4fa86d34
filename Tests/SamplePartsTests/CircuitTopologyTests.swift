import Imaging
import SampleParts
import Testing

@Suite struct CircuitTopologyTests {
  @Test("each class changes what hangs together as its name says", arguments: [0, 1])
  func topology(_ index: Int) {
    let generator = SampleGenerator(family: .circuits, seed: 1)
    let good = generator.goodCircuitPair(index).test
    let found = generator.circuitPair(index)
    let copper = pieces(of: 0, in: good)
    for defect in found.defects {
      var one = good
      for y in defect.top...defect.bottom {
        for x in defect.left...defect.right { one[x, y] = found.test[x, y] }
      }
      let change = pieces(of: 0, in: one) - copper
      let expected =
        switch defect.kind {
        case .open, .copper: 1
        case .short: -1
        case .mousebite, .spur, .pinHole: 0
        }
      #expect(change == expected, "\(defect.kind) in circuit \(index): \(defect.line)")
      if defect.kind == .pinHole {
        #expect(pieces(of: 255, in: one) == pieces(of: 255, in: good) + 1)
      }
    }
  }

  /// How many pieces of `level` there are, joined over edges of pixels.
  private func pieces(of level: UInt8, in plane: Plane) -> Int {
    var left = plane.pixels
    var count = 0
    var stack = [Int]()
    for start in left.indices where left[start] == level {
      count += 1
      stack.append(start)
      left[start] = 128
      while let pixel = stack.popLast() {
        let x = pixel % plane.width
        for (step, isInside) in [
          (-1, x > 0), (1, x < plane.width - 1), (-plane.width, pixel >= plane.width),
          (plane.width, pixel + plane.width < left.count),
        ] where isInside && left[pixel + step] == level {
          left[pixel + step] = 128
          stack.append(pixel + step)
        }
      }
    }
    return count
  }
}
