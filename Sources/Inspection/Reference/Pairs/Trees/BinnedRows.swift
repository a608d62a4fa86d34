/// Features cut into at most 32 bins each, one column a feature.
///
/// Every row is there in several views: the same candidate in mirrored and turned images, whose
/// features are the same numbers in another order.
struct BinnedRows: Sendable {
  let rowCount: Int
  let viewCount: Int
  let featureCount: Int
  /// Upper edges of the bins of each feature, ascending; the last bin has none.
  let edges: [[Float]]
  /// Bins of each feature; view v of row r lies at r · `viewCount` + v.
  let columns: [[UInt8]]

  /// `views[v][f]` is the place in a row of what view v shows as feature f.
  init(_ rows: [[Float]], views: [[Int]], workers: any Workers) throws {
    rowCount = rows.count
    viewCount = views.count
    featureCount = views.first?.count ?? 0
    let parts = try workers.map(featureCount) { feature in
      let places = views.map { $0[feature] }
      let cuts = Self.cuts(rows, places)
      var column = [UInt8](repeating: 0, count: rows.count * places.count)
      for (r, row) in rows.enumerated() {
        for (v, place) in places.enumerated() {
          column[r * places.count + v] = Self.bin(row[place], cuts)
        }
      }
      return (cuts, column)
    }
    edges = parts.map(\.0)
    columns = parts.map(\.1)
  }

  /// Edges at every 32nd part of the ordered values, of at most 8,192 rows.
  private static func cuts(_ rows: [[Float]], _ places: [Int]) -> [Float] {
    let distinct = Array(Set(places)).sorted()
    var sample: [Float] = []
    for r in stride(from: 0, to: rows.count, by: max(1, rows.count / 8192)) {
      for place in distinct { sample.append(rows[r][place]) }
    }
    sample.sort()
    var cuts: [Float] = []
    guard let last = sample.last else { return cuts }
    for b in 1..<32 {
      let value = sample[min(sample.count - 1, sample.count * b / 32)]
      if value < last, value > cuts.last ?? -.infinity { cuts.append(value) }
    }
    return cuts
  }

  private static func bin(_ value: Float, _ cuts: [Float]) -> UInt8 {
    var low = 0
    var high = cuts.count
    while low < high {
      let middle = (low + high) / 2
      if value <= cuts[middle] { high = middle } else { low = middle + 1 }
    }
    return UInt8(low)
  }
}
