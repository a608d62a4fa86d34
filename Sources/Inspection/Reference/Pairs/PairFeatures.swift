#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The numbers a classifier sees of one candidate: shape, topology and three grids of 8 × 8 cells.
enum PairFeatures {
  /// Numbers a candidate.
  static let count = 21 + 3 * 64 + 2 * 36

  static func of(_ c: PairCandidate, in pair: PairCandidates) -> [Float] {
    var out = shape(c, in: pair) + topology(c, in: pair)
    let width = c.x1 - c.x0 + 16
    let height = c.y1 - c.y0 + 16
    let (test, template) = windows(
      c, pair, x: c.x0 - 8, y: c.y0 - 8, width: width, height: height, aligned: true)
    let differ = test.without(template).or(template.without(test))
    for mask in [test, template, differ] { appendGrid(mask, cells: 8, to: &out) }
    let x = (c.x0 + c.x1) / 2 - 24
    let y = (c.y0 + c.y1) / 2 - 24
    let fixed = windows(c, pair, x: x, y: y, width: 48, height: 48, aligned: true)
    appendGrid(fixed.0, cells: 6, to: &out)
    appendGrid(fixed.1, cells: 6, to: &out)
    return out
  }

  private static func windows(
    _ c: PairCandidate, _ pair: PairCandidates, x: Int, y: Int, width: Int, height: Int,
    aligned: Bool
  ) -> (BitMask, BitMask) {
    (
      pair.test.window(x: x, y: y, width: width, height: height),
      pair.template.window(x: x, y: y, width: width, height: height, dx: c.dx, dy: c.dy)
    )
  }

  private static func shape(_ c: PairCandidate, in pair: PairCandidates) -> [Float] {
    let w = Float(c.x1 - c.x0)
    let h = Float(c.y1 - c.y0)
    let edge = min(c.x0, c.y0, pair.test.width - c.x1, pair.test.height - c.y1)
    return [
      w, h, max(w, h), min(w, h), Float(c.area), Float(c.seeds), Float(c.area) / (w * h),
      c.isExtra ? 1 : 0, c.isMerged ? 1 : 0, c.isLocal ? 1 : 0,
      Float(abs(c.dx - pair.alignment.dx)), Float(abs(c.dy - pair.alignment.dy)),
      Float(pair.list.count), Float(min(edge, 20)), Float(c.seeds) / Float(c.area),
    ]
  }

  /// Arcs of dark and bright on a ring round the fault, and changes in the number of parts.
  private static func topology(_ c: PairCandidate, in pair: PairCandidates) -> [Float] {
    let w = c.x1 - c.x0 + 24
    let h = c.y1 - c.y0 + 24
    let (test, template) = windows(
      c, pair, x: c.x0 - 12, y: c.y0 - 12, width: w, height: h, aligned: true)
    var box = BitMask(width: w, height: h).inverted
    for y in 0..<h where y < 12 || y >= h - 12 {
      for i in 0..<box.columns { box.words[y * box.columns + i] = 0 }
    }
    for y in 12..<h - 12 {
      for x in Array(0..<12) + Array(w - 12..<w) {
        box.words[y * box.columns + x >> 6] &= ~(1 &<< UInt64(x & 63))
      }
    }
    let (a, b) = c.isExtra ? (test, template) : (template, test)
    let full = a.without(b)
    let seed = a.without(b.dilated(by: 1)).and(box)
    var body = seed.dilatedByEllipse.and(full).or(seed).and(box)
    if body.count == 0 { body = full.and(box) }
    if body.count == 0 { body = box }
    let ring = body.dilatedByEllipse.without(body)
    func arcs(_ mask: BitMask) -> Float {
      Float(min(4, BitComponents(mask, diagonal: true).count(atLeast: 3)))
    }
    func parts(_ mask: BitMask, _ diagonal: Bool) -> Int {
      BitComponents(mask, diagonal: diagonal).count(atLeast: 6)
    }
    let dark = parts(test, true) - parts(template, true)
    let bright = parts(test.inverted, false) - parts(template.inverted, false)
    return [
      arcs(ring.and(template)) * 8 + arcs(ring.without(template)),
      arcs(ring.and(test)) * 8 + arcs(ring.without(test)),
      Float(ring.and(template).count) / Float(max(1, ring.count)),
      Float(ring.and(test).count) / Float(max(1, ring.count)),
      Float(max(-3, min(3, dark))), Float(max(-3, min(3, bright))),
    ]
  }

  private static func appendGrid(_ mask: BitMask, cells: Int, to out: inout [Float]) {
    for v in 0..<cells {
      let rows = mask.height * v / cells..<mask.height * (v + 1) / cells
      for u in 0..<cells {
        let from = mask.width * u / cells
        let to = mask.width * (u + 1) / cells
        var sum = 0
        for y in rows { sum += mask.count(y: y, from: from, to: to) }
        out.append(Float(sum) / Float(max(1, rows.count * (to - from))))
      }
    }
  }
}
