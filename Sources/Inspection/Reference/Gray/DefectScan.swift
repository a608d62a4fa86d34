/// What is known of a connected group of differing pixels, gathered row by row.
struct GrowingDefect {
  /// First and last column in a row.
  struct Ends {
    var left: Int
    var right: Int
  }

  /// Sum of the ratios, 32nds.
  private(set) var ratios = 0
  private(set) var area = 0
  /// Sum of image minus reference, 16ths of a gray level of the reference.
  private(set) var contrast = 0
  /// Σ x, Σ y, Σ x², Σ x·y, Σ y² of the pixels.
  private(set) var moments = (x: 0, y: 0, xx: 0, xy: 0, yy: 0)
  private(set) var top: Int
  /// Of every row from `top` on.
  private(set) var ends: [Ends] = []

  init(top: Int) { self.top = top }

  var score: Double { Double(ratios) / 32 }
  /// The last row.
  var bottom: Int { top + ends.count - 1 }

  /// Adds the columns `run` of row `y`, which is the last one or the next.
  mutating func add(_ run: Range<Int>, of y: Int, ratios sum: Int, contrast difference: Int) {
    ratios += sum
    contrast += difference
    let count = run.count
    let x = (run.lowerBound + run.upperBound - 1) * count / 2
    area += count
    moments.x += x
    moments.y += y * count
    moments.xy += y * x
    moments.yy += y * y * count
    for column in run { moments.xx += column * column }
    let row = Ends(left: run.lowerBound, right: run.upperBound - 1)
    if y > bottom { ends.append(row) } else { widen(y, row) }
  }

  /// Takes in another group that turned out to be the same.
  mutating func merge(_ other: GrowingDefect) {
    ratios += other.ratios
    contrast += other.contrast
    area += other.area
    moments.x += other.moments.x
    moments.y += other.moments.y
    moments.xx += other.moments.xx
    moments.xy += other.moments.xy
    moments.yy += other.moments.yy
    if other.top < top {
      // Both reach to the row in hand or the one before it, so that no row is left out.
      ends = Array(other.ends[..<(top - other.top)]) + ends
      top = other.top
    }
    for (index, row) in other.ends.enumerated() {
      let y = other.top + index
      if y > bottom { ends.append(row) } else { widen(y, row) }
    }
  }

  private mutating func widen(_ y: Int, _ row: Ends) {
    ends[y - top].left = min(ends[y - top].left, row.left)
    ends[y - top].right = max(ends[y - top].right, row.right)
  }
}

/// Finds connected groups of marked pixels (eight neighbours) in rows that come one after the other.
///
/// A row is cut into runs; a run joins the groups of the row above that it touches. A group that the
/// next row does not go on with is finished and kept only if its score is wanted, so that memory does
/// not grow with the picture. (Runs and union-find as in He, Chao, Suzuki 2008; `Blobs` is the same
/// for a mask held whole.)
struct DefectScan {
  private struct Run {
    var columns: Range<Int>
    var group: Int
  }

  /// Groups with at least this score, in the order in which they ended.
  private(set) var found: [GrowingDefect] = []
  /// The largest score of any group; 0 when there is none.
  private(set) var largest = 0.0

  private let floor: Double
  private var groups: [GrowingDefect?] = []
  /// The group that each one was merged into; itself while it was not.
  private var parent: [Int] = []
  private var free: [Int] = []
  private var above: [Run] = []

  /// Keeps groups with a score of `floor` or more.
  init(floor: Double) { self.floor = floor }

  /// Whether a group reaches down to the last row.
  var isOpen: Bool { !above.isEmpty }

  /// The next row: `ratio` counts where `marks` is not 0; `difference` is image minus reference of a
  /// column, 16ths.
  mutating func add(
    row y: Int, ratio: Span<UInt8>, marks: Span<UInt8>, difference: (Int) -> Int
  ) {
    var runs: [Run] = []
    var merged: [Int] = []
    var candidate = 0
    var x = 0
    while let columns = Self.run(in: marks, from: x) {
      x = columns.upperBound
      while candidate < above.count, above[candidate].columns.upperBound < columns.lowerBound {
        candidate += 1
      }
      var group: Int?
      var touching = candidate
      while touching < above.count, above[touching].columns.lowerBound <= columns.upperBound {
        let other = root(above[touching].group)
        if let group, group != other {
          merge(other, into: group)
          merged.append(other)
        }
        group = group ?? other
        touching += 1
      }
      let own = group ?? begin(at: y)
      runs.append(Run(columns: columns, group: own))
      var (sum, contrast) = (0, 0)
      for column in columns {
        sum += Int(ratio[column])
        contrast += difference(column)
      }
      groups[own]?.add(columns, of: y, ratios: sum, contrast: contrast)
    }
    for index in runs.indices { runs[index].group = root(runs[index].group) }
    end(before: y)
    free += merged
    above = runs
  }

  /// No row is left.
  mutating func end() {
    end(before: .max)
    above = []
  }

  /// Ends the groups that have no pixel in row `y`.
  private mutating func end(before y: Int) {
    for run in above {
      let index = root(run.group)
      guard let group = groups[index], group.bottom < y else { continue }
      groups[index] = nil
      free.append(index)
      largest = max(largest, group.score)
      if group.score >= floor { found.append(group) }
    }
  }

  private static func run(in marks: Span<UInt8>, from start: Int) -> Range<Int>? {
    var first = start
    while first < marks.count, marks[first] == 0 { first += 1 }
    guard first < marks.count else { return nil }
    var end = first
    while end < marks.count, marks[end] != 0 { end += 1 }
    return first..<end
  }

  private mutating func begin(at y: Int) -> Int {
    if let index = free.popLast() {
      groups[index] = GrowingDefect(top: y)
      parent[index] = index
      return index
    }
    groups.append(GrowingDefect(top: y))
    parent.append(parent.count)
    return groups.count - 1
  }

  private func root(_ index: Int) -> Int {
    var index = index
    while parent[index] != index { index = parent[index] }
    return index
  }

  private mutating func merge(_ other: Int, into group: Int) {
    guard let gone = groups[other] else { return }
    groups[other] = nil
    groups[group]?.merge(gone)
    parent[other] = group
  }
}
