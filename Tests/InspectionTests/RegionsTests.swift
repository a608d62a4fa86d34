import Imaging
import Inspection
import Testing

@Suite("Regions") struct RegionsTests {
  /// Even-odd by definition: a ray to the right of the pixel's centre crosses an odd number of edges.
  private func isInside(_ corners: [RegionPoint], x: Double, y: Double) -> Bool {
    var inside = false
    for (a, b) in zip(corners, corners.dropFirst() + [corners[0]]) where (a.y > y) != (b.y > y) {
      if x < a.x + (y - a.y) * (b.x - a.x) / (b.y - a.y) { inside.toggle() }
    }
    return inside
  }

  @Test("a polygon holds the pixels whose centres an odd number of edges lie right of")
  func fillsPolygons() throws {
    var random = SeededGenerator(seed: 3)
    for trial in 0..<40 {
      let corners = (0..<3 + trial % 6).map { _ in
        RegionPoint(
          x: Double(random.uniform(-10, 60)), y: Double(random.uniform(-10, 50)))
      }
      let expected = (0..<50 * 40).map {
        isInside(corners, x: Double($0 % 50) + 0.5, y: Double($0 / 50) + 0.5)
      }
      guard expected.contains(true) else { continue }
      let mask = try RegionMask(of: [.include(.polygon(corners))], width: 50, height: 40)
      #expect(mask.flags.map { $0 == 255 } == expected, "seed 3, trial \(trial)")
    }
  }

  @Test("two rectangles that share a side share no pixel and leave no gap")
  func tilesRectangles() throws {
    let left = RegionShape.rectangle(x: 0, y: 0, width: 4.5, height: 9)
    let right = RegionShape.rectangle(x: 4.5, y: 0, width: 5.5, height: 9)
    let a = try RegionMask(of: [.include(left)], width: 10, height: 9)
    let b = try RegionMask(of: [.include(right)], width: 10, height: 9)
    #expect(zip(a.flags, b.flags).allSatisfy { ($0 == 255) != ($1 == 255) })
    #expect(a[3, 0] && !a[4, 0])
  }

  @Test("later regions overrule earlier ones")
  func overrules() throws {
    let outer = RegionShape.rectangle(x: 1, y: 1, width: 8, height: 8)
    let hole = RegionShape.rectangle(x: 3, y: 3, width: 4, height: 4)
    let ring = try RegionMask(of: [.include(outer), .exclude(hole)], width: 10, height: 10)
    #expect(ring.flags.count { $0 == 255 } == 64 - 16)
    let around = try RegionMask(of: [.exclude(hole)], width: 10, height: 10)
    #expect(around.flags.count { $0 == 255 } == 100 - 16)
    #expect(try RegionMask(of: [], width: 3, height: 2).flags == [UInt8](repeating: 255, count: 6))
  }

  @Test("shapes that do not fit are refused with the reason")
  func refuses() {
    #expect(throws: RegionError.tooFewCorners(found: 2)) {
      let line = [RegionPoint(x: 0, y: 0), RegionPoint(x: 5, y: 5)]
      _ = try RegionMask(of: [.include(.polygon(line))], width: 9, height: 9)
    }
    #expect(throws: RegionError.wrongSize(found: "4 × 4", expected: "9 × 9")) {
      _ = try RegionMask(of: [.include(.mask(Plane(width: 4, height: 4)))], width: 9, height: 9)
    }
    #expect(throws: RegionError.badNumber) {
      let shape = RegionShape.rectangle(x: .nan, y: 0, width: 1, height: 1)
      _ = try RegionMask(of: [.include(shape)], width: 9, height: 9)
    }
    #expect(throws: RegionError.empty) {
      _ = try RegionMask(of: [.include(.mask(Plane(width: 9, height: 9)))], width: 9, height: 9)
    }
  }
}
