import FactoryModel
import Imaging

/// Groups of differing pixels as defects: score, place in the image as read, area, length, contrast.
struct GrayDefects {
  private let found: [GrowingDefect]
  private var lengths: [DefectLength]

  /// Of a picture with `height` rows.
  init(_ found: [GrowingDefect], height: Int) {
    self.found = found
    lengths = found.map { DefectLength($0, height: height) }
  }

  /// Reads what lengths need out of the image, whose pose `alignment` knows.
  mutating func measure(_ alignment: inout GrayAlignment, _ planes: ReferencePlanes) throws {
    let needed = lengths.indices.filter { !lengths[$0].rows.isEmpty }
    guard !needed.isEmpty else { return }
    for rows in alignment.bands {
      let here = needed.filter { lengths[$0].rows.overlaps(rows) }
      if here.isEmpty { continue }
      // Between two rows the one below is looked at too.
      let band = rows.lowerBound..<min(rows.upperBound + 1, alignment.height)
      try alignment.load(band)
      let difference = BandDifference(alignment, try planes.rows(band))
      for index in here { lengths[index].read(difference, rows: rows) }
    }
  }

  /// The defects, the worst first.
  func defects(_ alignment: GrayAlignment) -> [Defect] {
    zip(found, lengths).map { defect($0, $1, alignment) }.sorted {
      ($1.score, $0.y, $0.x) < ($0.score, $1.y, $1.x)
    }
  }

  private func defect(
    _ group: GrowingDefect, _ length: DefectLength, _ alignment: GrayAlignment
  ) -> Defect {
    var left = Double.infinity
    var top = Double.infinity
    var right = -Double.infinity
    var bottom = -Double.infinity
    for (index, row) in group.ends.enumerated() {
      for x in [row.left, row.right] {
        let place = alignment.position(x: Double(x), y: Double(group.top + index))
        left = min(left, place.x)
        right = max(right, place.x)
        top = min(top, place.y)
        bottom = max(bottom, place.y)
      }
    }
    let x = min(max(Int(left.rounded()), 0), alignment.width - 1)
    let y = min(max(Int(top.rounded()), 0), alignment.height - 1)
    return Defect(
      score: group.score, x: x, y: y,
      width: min(max(Int(right.rounded()), x), alignment.width - 1) - x + 1,
      height: min(max(Int(bottom.rounded()), y), alignment.height - 1) - y + 1,
      area: group.area, length: length.pixels,
      contrast: Double(group.contrast) / 16 / Double(group.area))
  }
}

/// Image minus reference in the rows of a band, gray levels of the reference; 0 where the image shows
/// nothing.
struct BandDifference {
  let width: Int
  let height: Int
  private let band: GrayAlignment.Band
  private let pose: GrayAlignment.Pose
  private let reference: ReferencePlanes.Rows

  init(_ alignment: GrayAlignment, _ reference: ReferencePlanes.Rows) {
    width = alignment.width
    height = alignment.height
    band = alignment.band
    pose = alignment.pose
    self.reference = reference
  }

  /// Between four pixels around a place; the upper two lie in row `row`. The border repeats.
  func between(x: Double, y: Double, row: Int) -> Double {
    let px = min(max(x, 0), Double(width - 1))
    let py = min(max(y, 0), Double(height - 1))
    let column = min(Int(px), width - 2)
    let (u, v) = (px - Double(column), py - Double(row))
    let upper = at(column, row) * (1 - u) + at(column + 1, row) * u
    let lower = at(column, row + 1) * (1 - u) + at(column + 1, row + 1) * u
    return upper * (1 - v) + lower * v
  }

  private func at(_ x: Int, _ y: Int) -> Double {
    let row = y - band.rows.lowerBound
    guard band.known[row].contains(x) else { return 0 }
    let pixel = Int32(band.pixels[row * width + x])
    let level = (pixel * pose.gain + pose.offset) >> 8
    return Double(level - Int32(reference.mean[(y - reference.first) * width + x])) / 16
  }
}
