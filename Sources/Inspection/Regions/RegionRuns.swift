import Imaging

/// Where on an image pixels count, as runs of each row: small also for a large image.
struct RegionRuns: Hashable, Sendable {
  /// Columns of the image.
  let width: Int
  /// Of each row, where its runs begin in `columns`; one entry more than rows.
  private let starts: [Int32]
  /// First column and column after the last of each run.
  private let columns: [Int32]

  /// Rows of the image.
  var height: Int { starts.count - 1 }

  init(_ mask: RegionMask) {
    width = mask.width
    var starts: [Int32] = [0]
    var columns: [Int32] = []
    for y in 0..<mask.height {
      let row = Array(mask.flags[y * width..<(y + 1) * width])
      for x in 0..<width where (row[x] != 0) != (x > 0 && row[x - 1] != 0) {
        columns.append(Int32(x))
      }
      if row[width - 1] != 0 { columns.append(Int32(width)) }
      starts.append(Int32(columns.count))
    }
    self.starts = starts
    self.columns = columns
  }

  /// The columns of row `y` that count, from the left.
  func runs(row y: Int) -> [Range<Int>] {
    stride(from: Int(starts[y]), to: Int(starts[y + 1]), by: 2).map {
      Int(columns[$0])..<Int(columns[$0 + 1])
    }
  }

  /// 255 where the pixels of row `y` count, 0 elsewhere.
  func flags(row y: Int) -> [UInt8] {
    var flags = [UInt8](repeating: 0, count: width)
    for run in runs(row: y) { for x in run { flags[x] = 255 } }
    return flags
  }

  /// Pixels that count.
  var area: Int {
    stride(from: 0, to: columns.count, by: 2).reduce(0) { $0 + Int(columns[$1 + 1] - columns[$1]) }
  }

  /// Adds the sections `NAME.starts` and `NAME.columns` to an archive; both empty without a region.
  static func store(_ runs: RegionRuns?, as name: String, in archive: inout ModelArchive) {
    archive.set("\(name).starts", runs?.starts ?? [])
    archive.set("\(name).columns", runs?.columns ?? [])
  }

  /// Reads what `store` wrote, nil without a region. Throws `ModelError`.
  init?(_ name: String, from archive: ModelArchive, width: Int, height: Int) throws(ModelError) {
    starts = try archive.get("\(name).starts", as: Int32.self)
    columns = try archive.get("\(name).columns", as: Int32.self)
    self.width = width
    if starts.isEmpty { return nil }
    guard starts.count == height + 1, starts[0] == 0, Int(starts[height]) == columns.count,
      zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 && ($1 - $0) % 2 == 0 }),
      columns.allSatisfy({ (0...Int32(width)).contains($0) }),
      stride(from: 0, to: columns.count, by: 2).allSatisfy({ columns[$0] < columns[$0 + 1] })
    else { throw .damaged(reason: "the region of the gray reference does not fit") }
  }
}
