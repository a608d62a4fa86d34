import FactoryModel

/// Bars of counts, the largest first, with the running share as a line.
enum ParetoChart {
  private static let height = 170.0
  private static let top = 22.0

  /// An SVG of at most twelve bars; the rest is added up as `other`.
  static func svg(_ rows: [(key: String, value: Int)]) -> String {
    var shown = rows.prefix(12).map { (name: $0.key, count: $0.value) }
    let rest = rows.dropFirst(12).reduce(0) { $0 + $1.value }
    if rest > 0 { shown.append(("other", rest)) }
    let total = Double(max(shown.reduce(0) { $0 + $1.count }, 1))
    let step = min(560 / Double(max(shown.count, 1)), 90)
    var bars = ""
    var line: [String] = []
    var dots = ""
    var running = 0
    for (index, row) in shown.enumerated() {
      running += row.count
      let x = 36 + Double(index) * step
      let size = height * Double(row.count) / total
      let middle = (x + step / 2).fixed(digits: 1)
      let y = top + height * (1 - Double(running) / total)
      bars +=
        "<rect class=\"bar\" x=\"\((x + step * 0.1).fixed(digits: 1))\" "
        + "y=\"\((top + height - size).fixed(digits: 1))\" width=\"\((step * 0.8).fixed(digits: 1))\" "
        + "height=\"\(max(size, 1).fixed(digits: 1))\"/>"
        // At the corner of the bar, beside the line of shares.
        + "<text x=\"\((x + step * 0.1).fixed(digits: 1))\" "
        + "y=\"\((top + height - size - 4).fixed(digits: 1))\">\(row.count)</text>"
        + name(row.name, middle, isTight: step < 70)
      line.append("\(middle),\(y.fixed(digits: 1))")
      let share = (Double(running) / total * 100).fixed(digits: 0)
      dots +=
        "<circle class=\"dot\" cx=\"\(middle)\" cy=\"\(y.fixed(digits: 1))\" r=\"3\">"
        + "<title>\(share) % up to here</title></circle>"
    }
    let right = 36 + step * Double(shown.count)
    return "<svg viewBox=\"0 0 640 \(step < 70 ? 280 : 216)\" role=\"img\" "
      + "aria-label=\"Rejected parts by class\">" + bars
      + "<polyline class=\"curve\" points=\"\(line.joined(separator: " "))\"/>" + dots
      + scale(at: right) + "</svg>"
  }

  /// The class below its bar; slanted where bars are narrow.
  private static func name(_ text: String, _ x: String, isTight: Bool) -> String {
    let y = (top + height + 16).fixed(digits: 1)
    let short = text.count > 18 ? text.prefix(17) + "…" : text[...]
    return isTight
      ? "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"end\" transform=\"rotate(-40 \(x) \(y))\">"
        + "\(XML.escaped(String(short)))</text>"
      : "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"middle\">\(XML.escaped(String(short)))</text>"
  }

  /// The axis of the running share on the right.
  private static func scale(at x: Double) -> String {
    [0, 50, 100].map { percent in
      let y = top + height * (1 - Double(percent) / 100)
      return "<line class=\"axis\" x1=\"36\" x2=\"\(x.fixed(digits: 1))\" "
        + "y1=\"\(y.fixed(digits: 1))\" y2=\"\(y.fixed(digits: 1))\"/>"
        + "<text x=\"\((x + 6).fixed(digits: 1))\" y=\"\((y + 4).fixed(digits: 1))\">\(percent) %</text>"
    }.joined()
  }
}
