import FactoryModel
/// What every threshold would do: share of defective images found against share of good ones rejected.
enum ROCChart {
  private static let side = 260.0
  private static let left = 46.0
  private static let top = 8.0

  /// An SVG of the curve with the point of `threshold`; both lists hold one score at least.
  static func svg(good: [Double], defective: [Double], threshold: Double) -> String {
    func place(_ x: Double, _ y: Double) -> String {
      "\((left + x * side).fixed(digits: 1)),\((top + (1 - y) * side).fixed(digits: 1))"
    }
    func share(_ scores: [Double]) -> Double {
      Double(scores.count { $0 >= threshold }) / Double(scores.count)
    }
    let line = points(good, defective).map { place($0.x, $0.y) }.joined(separator: " ")
    let (x, y) = (share(good), share(defective))
    let point =
      "cx=\"\((left + x * side).fixed(digits: 1))\" "
      + "cy=\"\((top + (1 - y) * side).fixed(digits: 1))\""
    let ticks = [0, 25, 50, 75, 100].map { percent -> String in
      let along = Double(percent) / 100 * side
      return "<text x=\"\((left + along).fixed(digits: 1))\" y=\"286\" text-anchor=\"middle\">"
        + "\(percent)</text><text x=\"\((left - 6).fixed(digits: 1))\" "
        + "y=\"\((top + side - along + 4).fixed(digits: 1))\" text-anchor=\"end\">\(percent)</text>"
    }.joined()
    return "<svg class=\"square\" viewBox=\"0 0 330 312\" role=\"img\" "
      + "aria-label=\"Defective images found against good images rejected\">"
      + "<rect class=\"axis box\" x=\"\(left.fixed(digits: 1))\" y=\"\(top.fixed(digits: 1))\" "
      + "width=\"\(side.fixed(digits: 1))\" height=\"\(side.fixed(digits: 1))\"/>"
      + "<polyline class=\"curve\" points=\"\(line)\"/>"
      + "<circle class=\"point\" \(point) r=\"5\"><title>the threshold in force</title></circle>"
      + ticks
      + "<text x=\"176\" y=\"306\" text-anchor=\"middle\">good images rejected, %</text>"
      + "<text x=\"12\" y=\"138\" text-anchor=\"middle\" transform=\"rotate(-90 12 138)\">"
      + "defective images found, %</text></svg>"
  }

  /// From (0, 0) to (1, 1), one point a distinct score, the highest first.
  static func points(_ good: [Double], _ defective: [Double]) -> [(x: Double, y: Double)] {
    let all = good.map { ($0, false) } + defective.map { ($0, true) }
    let sorted = all.sorted { $0.0 > $1.0 }
    var points = [(x: 0.0, y: 0.0)]
    var (falseRejects, found) = (0, 0)
    for (index, entry) in sorted.enumerated() {
      if entry.1 { found += 1 } else { falseRejects += 1 }
      if index + 1 < sorted.count, sorted[index + 1].0 == entry.0 { continue }
      points.append(
        (Double(falseRejects) / Double(good.count), Double(found) / Double(defective.count)))
    }
    return points
  }
}
