/// The connected groups of a bit mask, by runs and union-find, in the order of a scan.
struct BitComponents {
  struct Run {
    var y: Int
    var start: Int
    var end: Int
    var group: Int
  }

  private(set) var runs: [Run] = []
  private(set) var count = 0

  /// `diagonal`: whether corners touch (eight neighbours) or not (four).
  init(_ mask: BitMask, diagonal: Bool) {
    let reach = diagonal ? 0 : 1
    var parent: [Int] = []
    var above = 0..<0
    for y in 0..<mask.height {
      let first = runs.count
      appendRuns(of: mask, row: y)
      var candidate = above.lowerBound
      for index in first..<runs.count {
        parent.append(index)
        while candidate < above.upperBound, runs[candidate].end < runs[index].start + reach {
          candidate += 1
        }
        var touching = candidate
        while touching < above.upperBound, runs[touching].start + reach <= runs[index].end {
          let a = Self.root(touching, &parent)
          let b = Self.root(index, &parent)
          parent[max(a, b)] = min(a, b)
          touching += 1
        }
      }
      above = first..<runs.count
    }
    var number = [Int](repeating: -1, count: runs.count)
    for index in runs.indices {
      let root = Self.root(index, &parent)
      if number[root] < 0 {
        number[root] = count
        count += 1
      }
      runs[index].group = number[root]
    }
  }

  /// Groups of at least `smallest` pixels.
  func count(atLeast smallest: Int) -> Int {
    var areas = [Int](repeating: 0, count: count)
    for run in runs { areas[run.group] += run.end - run.start }
    return areas.count { $0 >= smallest }
  }

  /// Groups of at least three pixels that `mask` meets.
  func touched(by mask: BitMask) -> Int {
    var areas = [Int](repeating: 0, count: count)
    var common = areas
    for run in runs {
      areas[run.group] += run.end - run.start
      common[run.group] += mask.count(y: run.y, from: run.start, to: run.end)
    }
    return areas.indices.count { areas[$0] >= 3 && common[$0] > 0 }
  }

  private mutating func appendRuns(of mask: BitMask, row y: Int) {
    let words = mask.words.span
    for c in 0..<mask.columns {
      var word = words[y * mask.columns + c]
      while word != 0 {
        let start = word.trailingZeroBitCount
        let length = (~(word &>> UInt64(start))).trailingZeroBitCount
        let end = min(64, start + length)
        if start == 0, let last = runs.last, last.y == y, last.end == c * 64 {
          runs[runs.count - 1].end = c * 64 + end
        } else {
          runs.append(Run(y: y, start: c * 64 + start, end: c * 64 + end, group: 0))
        }
        word = end == 64 ? 0 : word & (UInt64.max &<< UInt64(end))
      }
    }
  }

  private static func root(_ index: Int, _ parent: inout [Int]) -> Int {
    var index = index
    while parent[index] != index {
      parent[index] = parent[parent[index]]
      index = parent[index]
    }
    return index
  }
}
