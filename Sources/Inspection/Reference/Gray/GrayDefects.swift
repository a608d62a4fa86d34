import FactoryModel

/// Blobs of differing pixels as defects: score, place in the image as read, area, length, contrast.
struct GrayDefects {
  /// The sum of the ratios of each blob.
  private(set) var scores: [Double]
  let alignment: GrayAlignment
  private let mean: [UInt16]
  private let blobs: Blobs

  init(alignment: GrayAlignment, mean: [UInt16], ratio: [UInt8], blobs: Blobs) {
    self.alignment = alignment
    self.mean = mean
    self.blobs = blobs
    scores = [Double](repeating: 0, count: blobs.blobs.count)
    let ratios = ratio.span
    for run in blobs.runs {
      var sum = 0
      for i in run.y * alignment.width + run.start..<run.y * alignment.width + run.end {
        sum += Int(ratios[i])
      }
      scores[run.blob] += Double(sum) / 32
    }
  }

  /// Defects with at least this score, the worst first.
  func defects(atLeast minimum: Double) -> [Defect] {
    let listed = scores.indices.filter { scores[$0] >= minimum }
    guard !listed.isEmpty else { return [] }
    var runs = [[Blobs.Run]](repeating: [], count: scores.count)
    for run in blobs.runs where scores[run.blob] >= minimum { runs[run.blob].append(run) }
    return listed.map { defect($0, runs[$0]) }.sorted {
      ($1.score, $0.y, $0.x) < ($0.score, $1.y, $1.x)
    }
  }

  private func defect(_ blob: Int, _ runs: [Blobs.Run]) -> Defect {
    var left = Double.infinity
    var top = Double.infinity
    var right = -Double.infinity
    var bottom = -Double.infinity
    var contrast = 0.0
    for run in runs {
      for x in [run.start, run.end - 1] {
        let place = alignment.position(x: Double(x), y: Double(run.y))
        left = min(left, place.x)
        right = max(right, place.x)
        top = min(top, place.y)
        bottom = max(bottom, place.y)
      }
      for x in run.start..<run.end { contrast += difference(run.y * alignment.width + x) }
    }
    let area = blobs.blobs[blob].area
    let x = min(max(Int(left.rounded()), 0), alignment.width - 1)
    let y = min(max(Int(top.rounded()), 0), alignment.height - 1)
    return Defect(
      score: scores[blob], x: x, y: y,
      width: min(max(Int(right.rounded()), x), alignment.width - 1) - x + 1,
      height: min(max(Int(bottom.rounded()), y), alignment.height - 1) - y + 1, area: area,
      length: length(of: runs), contrast: contrast / Double(area))
  }

  /// Image minus reference in gray levels of the reference.
  func difference(_ i: Int) -> Double {
    let level = (Int32(alignment.pixels[i]) * alignment.gain + alignment.offset) >> 8
    return Double(level - Int32(mean[i])) / 16
  }
}
