import Imaging

/// A place where test and template differ by more than an edge shift of one pixel.
struct PairCandidate: Sendable {
  /// Box of the grown difference; `x1`, `y1` exclusive.
  var x0: Int
  var y0: Int
  var x1: Int
  var y1: Int
  var area: Int
  var seeds: Int
  /// True where the test image has extra dark pixels.
  var isExtra: Bool
  /// True for neighbours merged over 15 pixels.
  var isMerged: Bool
  /// Its own shift of the template, absolute.
  var dx = 0
  var dy = 0
  /// Pixels of 64 × 64 round it that still differ under its own shift.
  var misfit = 0
}

/// Test, template and where they differ.
///
/// Of a large pair every mask takes 1/8 byte a pixel; eight of them are held at most, each let go
/// when it was looked at last.
///
/// Steps are kept out of line: inlined into the initializer, Swift 6.3.1's loop-invariant code
/// motion crashes on it in release builds.
struct PairCandidates {
  let test: BitPlane
  let template: BitPlane
  let alignment: PairAlignment
  private(set) var list: [PairCandidate] = []
  /// Seeds of extra and missing dark, grown.
  private(set) var grownExtra: BitMask
  private(set) var grownMissing: BitMask
  /// Seeds of both kinds in the image.
  private(set) var seedCount = 0

  /// What differs, on its way from bit planes to candidates.
  private struct Differences {
    /// Surely differing pixels.
    var extra: BitMask
    var missing: BitMask
    /// The dark pixels of the test image, and of the template brought to it.
    var dark: BitMask
    var moved: BitMask
  }

  /// At most `limit` candidates, those with most seeds; seeds on `outside`, of the images' size, do
  /// not count.
  init(test: BitPlane, template: BitPlane, limit: Int, outside: BitMask? = nil) {
    self.test = test
    self.template = template
    alignment = PairAlignment(test: test, template: template)
    grownExtra = BitMask(width: 0, height: 0)
    grownMissing = grownExtra
    var differences = local(outside)
    add(&differences)
    dropRepeats()
    if list.count > limit {
      let order = list.indices.sorted { (list[$1].seeds, $0) < (list[$0].seeds, $1) }
      list = order.prefix(limit).sorted().map { list[$0] }
    }
    for i in list.indices { align(i) }
  }

  /// A pixel is a seed when it is one under the shift of its own block and of each block around.
  @inline(never)
  private func local(_ outside: BitMask?) -> Differences {
    let whole = test.window(x: 0, y: 0, width: test.width, height: test.height)
    var missing = whole.dilated(by: 1)
    missing.invert()
    let wideTemplate = template.dilated
    var found = Differences(
      extra: whole, missing: missing, dark: whole,
      moved: BitMask(width: test.width, height: test.height))
    missing = BitMask(width: 0, height: 0)
    for s in Set(alignment.choice).sorted() {
      let (dx, dy) = alignment.shifts[s]
      for block in 0..<alignment.blockRows {
        for c in 0..<whole.columns {
          let near = blocks(s, column: c, row: block, reach: 1)
          guard near != 0 else { continue }
          let own = blocks(s, column: c, row: block, reach: 0)
          for y in block * 32..<min(whole.height, block * 32 + 32) {
            let i = y * whole.columns + c
            let moved = template.bits(c * 64 + dx, y + dy)
            let notExtra = wideTemplate.bits(c * 64 + dx, y + dy)
            found.moved.words[i] |= moved & own
            found.extra.words[i] &= ~(notExtra & near)
            found.missing.words[i] &= moved | ~near
          }
        }
      }
    }
    found.moved.trim()
    if let outside {
      found.extra.formWithout(outside)
      found.missing.formWithout(outside)
    }
    return found
  }

  /// The pixels of a word whose block, or a neighbour of it, chose shift `s`.
  private func blocks(_ s: Int, column: Int, row: Int, reach: Int) -> UInt64 {
    var word: UInt64 = 0
    for half in 0..<2 {
      let x = column * 2 + half
      for v in max(0, row - reach)...min(alignment.blockRows - 1, row + reach) {
        for u in max(0, x - reach)...min(alignment.blockColumns - 1, x + reach)
        where alignment.choice[v * alignment.blockColumns + u] == s {
          word |= 0xFFFF_FFFF &<< UInt64(32 * half)
        }
      }
    }
    return word
  }

  @inline(never)
  private mutating func add(_ found: inout Differences) {
    let none = BitMask(width: 0, height: 0)
    var full = found.dark.without(found.moved)
    found.moved.formWithout(found.dark)
    found.dark = none
    grownExtra = grown(found.extra, within: full)
    full = none
    collect(found.extra, grownExtra, isExtra: true)
    found.extra = none
    grownMissing = grown(found.missing, within: found.moved)
    found.moved = none
    collect(found.missing, grownMissing, isExtra: false)
  }

  @inline(never)
  private func grown(_ seed: BitMask, within full: BitMask) -> BitMask {
    var grown = seed.dilatedByEllipse
    grown.formAnd(full)
    grown.formOr(seed)
    return grown
  }

  @inline(never)
  private mutating func collect(_ seed: BitMask, _ grown: BitMask, isExtra: Bool) {
    seedCount += seed.count
    for isMerged in [false, true] {
      let linked = isMerged ? grown.dilated(by: 7) : grown.dilatedByEllipse
      collect(linked, seed, grown, isExtra: isExtra, isMerged: isMerged)
    }
  }

  @inline(never)
  private mutating func collect(
    _ linked: BitMask, _ seed: BitMask, _ grown: BitMask, isExtra: Bool, isMerged: Bool
  ) {
    let components = BitComponents(linked, diagonal: true)
    var found = [PairCandidate](
      repeating: PairCandidate(
        x0: .max, y0: .max, x1: 0, y1: 0, area: 0, seeds: 0, isExtra: isExtra,
        isMerged: isMerged), count: components.count)
    for run in components.runs {
      let area = grown.count(y: run.y, from: run.start, to: run.end)
      guard area > 0 else { continue }
      found[run.group].area += area
      found[run.group].seeds += seed.count(y: run.y, from: run.start, to: run.end)
      found[run.group].y0 = min(found[run.group].y0, run.y)
      found[run.group].y1 = run.y + 1
      guard let first = (run.start..<run.end).first(where: { grown.isSet($0, run.y) }),
        let last = (run.start..<run.end).last(where: { grown.isSet($0, run.y) })
      else { continue }
      found[run.group].x0 = min(found[run.group].x0, first)
      found[run.group].x1 = max(found[run.group].x1, last + 1)
    }
    list += found.filter {
      $0.seeds >= 2 && !(isMerged && max($0.x1 - $0.x0, $0.y1 - $0.y0) > 220)
    }
  }

  @inline(never)
  private mutating func dropRepeats() {
    var seen: Set<[Int]> = []
    list = list.filter {
      seen.insert([$0.x0 >> 1, $0.y0 >> 1, $0.x1 >> 1, $0.y1 >> 1, $0.isExtra ? 1 : 0]).inserted
    }
  }

  /// The candidate's own shift, ± 6 round the global one, over a window of 64 × 64.
  @inline(never)
  private mutating func align(_ index: Int) {
    let x = (list[index].x0 + list[index].x1) / 2 - 32
    let y = (list[index].y0 + list[index].y1) / 2 - 32
    let own = (0..<64).map { test.bits(x, y + $0) }
    var best = Int.max
    var middle = 0
    var shift = (0, 0)
    for v in -6...6 {
      for u in -6...6 {
        var cost = abs(u) + abs(v)
        for row in 0..<64 {
          let other = template.bits(x + alignment.dx + u, y + row + alignment.dy + v)
          cost += (own[row] ^ other).nonzeroBitCount
        }
        if u == 0, v == 0 { middle = cost }
        if cost < best {
          best = cost
          shift = (u, v)
        }
      }
    }
    if best > middle - 8 { shift = (0, 0) }
    list[index].misfit = shift == (0, 0) ? middle : best
    list[index].dx = alignment.dx + shift.0
    list[index].dy = alignment.dy + shift.1
  }
}
