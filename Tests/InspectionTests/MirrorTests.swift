import Imaging
import Testing

@testable import Inspection

@Suite("mirror")
struct MirrorTests {
  /// Pixel (x, y) has the value 16 y + x.
  private let plane: Plane = {
    var plane = Plane(width: 5, height: 3)
    for y in 0..<3 { for x in 0..<5 { plane[x, y] = UInt8(16 * y + x) } }
    return plane
  }()

  @Test
  func `the four are the picture, its mirror images and its half turn`() {
    let seen = Mirror.all(width: 5, height: 3).map { $0.mirrored(plane) }
    #expect(seen.count == 4 && seen[0] == plane)
    for y in 0..<3 {
      for x in 0..<5 {
        #expect(seen[1][x, y] == plane[4 - x, y])
        #expect(seen[2][x, y] == plane[x, 2 - y])
        #expect(seen[3][x, y] == plane[4 - x, 2 - y])
      }
    }
    for mirror in Mirror.all(width: 5, height: 3) {
      #expect(mirror.mirrored(mirror.mirrored(plane)) == plane)
    }
  }

  @Test
  func `cells count in the mirror where their pixel counts in the image`() {
    // 44 × 28 pixels: 5 × 3 cells that do not reach the right and lower border.
    var flags = [UInt8](repeating: 0, count: 44 * 28)
    for y in 0..<28 { for x in 0..<44 where x + y < 30 { flags[y * 44 + x] = 255 } }
    let judged = JudgedCells(RegionMask(width: 44, height: 28, flags: flags), shrink: 1)
    for mirror in Mirror.all(width: 44, height: 28) {
      var mask = Plane(width: 44, height: 28)
      for y in 0..<28 { for x in 0..<44 { mask[x, y] = flags[y * 44 + x] } }
      let seen = mirror.mirrored(mask)
      let expected = (0..<15).filter { seen[$0 % 5 * 8 + 4, $0 / 5 * 8 + 4] == 255 }
      #expect(judged.indices(columns: 5, rows: 3, through: mirror) == expected)
    }
    let all = JudgedCells(nil, shrink: 1)
    #expect(
      all.indices(columns: 5, rows: 3, through: Mirror(width: 44, height: 28))
        == Array(0..<15))
  }
}
