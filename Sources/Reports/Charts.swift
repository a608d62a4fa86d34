/// Bars of counts, the largest first, with the running share in words.
enum ParetoChart {
  /// An SVG of at most twelve rows; the rest is added up as `other`.
  static func svg(_ rows: [(key: String, value: Int)]) -> String {
    var shown = rows.prefix(12).map { (name: $0.key, count: $0.value) }
    let rest = rows.dropFirst(12).reduce(0) { $0 + $1.value }
    if rest > 0 { shown.append(("other", rest)) }
    let total = shown.reduce(0) { $0 + $1.count }
    let most = max(shown.map(\.count).max() ?? 1, 1)
    var parts: [String] = []
    var running = 0
    for (index, row) in shown.enumerated() {
      running += row.count
      let y = index * 28
      let width = 380 * row.count / most
      let share = Format.fixed(Double(running) / Double(total) * 100, 0)
      parts.append(
        "<text x=\"150\" y=\"\(y + 19)\" text-anchor=\"end\">\(XML.escaped(row.name))</text>"
          + "<rect class=\"bar\" x=\"160\" y=\"\(y + 5)\" width=\"\(max(width, 2))\" height=\"20\"/>"
          + "<text x=\"\(168 + width)\" y=\"\(y + 19)\">\(row.count) · \(share) %</text>")
    }
    return "<svg viewBox=\"0 0 640 \(shown.count * 28 + 4)\" role=\"img\" "
      + "aria-label=\"Rejected parts by class\">\(parts.joined())</svg>"
  }
}

/// How many images have which score, with the threshold.
enum ScoreHistogram {
  private static let bins = 48

  /// An SVG; bars from the threshold on in the colour of rejects.
  static func svg(_ scores: [Double], threshold: Double) -> String {
    let low = min(scores.min() ?? 0, threshold)
    let high = max(scores.max() ?? 1, threshold)
    let span = max(high - low, 1e-9) * 1.02
    var counts = [Int](repeating: 0, count: bins)
    for score in scores { counts[min(bins - 1, Int((score - low) / span * Double(bins)))] += 1 }
    let most = max(counts.max() ?? 1, 1)
    let width = 640.0 / Double(bins)
    var parts: [String] = []
    for (index, count) in counts.enumerated() where count > 0 {
      let height = max(2, 150 * Double(count) / Double(most))
      let middle = low + span * (Double(index) + 0.5) / Double(bins)
      parts.append(
        "<rect class=\"bar \(middle >= threshold ? "bad" : "")\" "
          + "x=\"\(Format.fixed(Double(index) * width, 1))\" "
          + "y=\"\(Format.fixed(160 - height, 1))\" width=\"\(Format.fixed(width - 1.5, 1))\" "
          + "height=\"\(Format.fixed(height, 1))\"><title>\(count) images</title></rect>")
    }
    let x = (threshold - low) / span * 640
    let anchor = x > 480 ? "end" : "start"
    parts.append(
      "<line class=\"limit\" x1=\"\(Format.fixed(x, 1))\" y1=\"0\" x2=\"\(Format.fixed(x, 1))\" "
        + "y2=\"162\"/><text x=\"\(Format.fixed(x + (anchor == "end" ? -6 : 6), 1))\" y=\"12\" "
        + "text-anchor=\"\(anchor)\">threshold \(Format.fixed(threshold, 2))</text>"
        + "<text x=\"0\" y=\"180\">\(Format.fixed(low, 2))</text>"
        + "<text x=\"640\" y=\"180\" text-anchor=\"end\">\(Format.fixed(high, 2))</text>")
    return "<svg viewBox=\"0 0 640 186\" role=\"img\" aria-label=\"Histogram of scores\">"
      + parts.joined() + "</svg>"
  }
}
