/// What else differs near a candidate: whether it is a piece of a greater fault, or several.
extension PairFeatures {
  static let surroundingCount = 3 * 2 + 5

  static func surroundings(_ index: Int, in pair: PairCandidates) -> [Float] {
    let c = pair.list[index]
    let (same, other) =
      c.isExtra
      ? (pair.grownExtra, pair.grownMissing) : (pair.grownMissing, pair.grownExtra)
    var out: [Float] = []
    for reach in [0, 10, 24] {
      let x = max(0, c.x0 - reach)..<min(pair.test.width, c.x1 + reach)
      let y = max(0, c.y0 - reach)..<min(pair.test.height, c.y1 + reach)
      out.append(Float(c.area) / Float(max(1, same.count(x: x, y: y))))
      out.append(Float(other.count(x: x, y: y)) / Float(c.area))
    }
    var within: Float = 0
    var holding: Float = 0
    var pieces = 0
    var rank = 0
    var gap = 60
    for (number, o) in pair.list.enumerated() where number != index {
      if o.seeds > c.seeds { rank += 1 }
      guard o.isExtra == c.isExtra else { continue }
      if o.x0 <= c.x0, o.y0 <= c.y0, o.x1 >= c.x1, o.y1 >= c.y1 {
        within = max(within, Float(c.area) / Float(o.area))
      } else if c.x0 <= o.x0, c.y0 <= o.y0, c.x1 >= o.x1, c.y1 >= o.y1 {
        holding = max(holding, Float(o.area) / Float(c.area))
        pieces += 1
      } else {
        gap = min(gap, max(o.x0 - c.x1, c.x0 - o.x1, o.y0 - c.y1, c.y0 - o.y1))
      }
    }
    out += [within, holding, Float(pieces), Float(rank), Float(gap)]
    return out
  }
}
