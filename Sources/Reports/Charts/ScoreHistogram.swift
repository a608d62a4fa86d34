import FactoryModel
/// How many images have which score, with the threshold.
struct ScoreHistogram {
  private let axis: ScoreAxis
  /// Where scores begin; before it there is room for words.
  private let left: Double

  private static let bins = 64
  private static let right = 640.0

  /// A line across the chart at a score.
  struct Mark {
    var score: Double
    var text: String
    /// Whether it is the threshold in force.
    var isMain: Bool
  }

  /// An SVG of one distribution; bars from the threshold on in the colour of rejects.
  static func svg(_ scores: [Double], threshold: Double) -> String {
    let axis = ScoreAxis(scores, marks: [threshold])
    let chart = ScoreHistogram(axis: axis, left: 0)
    let limit = axis.place(threshold)
    let parts = [
      chart.bars(scores, base: 170, height: 140, up: true) { $0 >= limit ? "bad" : "" },
      chart.marks([Mark(score: threshold, text: "threshold", isMain: true)]) { _ in 170 }.svg,
      axis.svg(left: 0, width: right, y: 170),
    ]
    return frame(parts, height: 194, text: "Histogram of scores")
  }

  /// An SVG of good images upwards and defective ones downwards, with `marks` across both; marks at
  /// one score share a text.
  static func svg(good: [Double], defective: [Double], marks lines: [Mark]) -> String {
    let axis = ScoreAxis(good + defective, marks: lines.map(\.score))
    let chart = ScoreHistogram(axis: axis, left: 76)
    let marks = chart.marks(joined(lines)) { Double($0 * 14 + 240) }
    let base = Double(marks.rows * 14 + 118)
    let parts = [
      "<text x=\"0\" y=\"\((base - 40).fixed(digits: 1))\">good</text>"
        + "<text x=\"0\" y=\"\((base + 50).fixed(digits: 1))\">defective</text>",
      chart.bars(good, base: base, height: 110, up: true) { _ in "" },
      chart.bars(defective, base: base + 2, height: 110, up: false) { _ in "bad" },
      marks.svg, axis.svg(left: chart.left, width: right - chart.left, y: base + 122),
    ]
    return frame(
      parts, height: Int(base) + 146,
      text: "Scores of good images upwards, of defective images downwards")
  }

  /// Marks at one score as one, their texts one after another.
  private static func joined(_ marks: [Mark]) -> [Mark] {
    var joined: [Mark] = []
    for mark in marks.sorted(by: { ($0.score, $1.text) < ($1.score, $0.text) }) {
      if let last = joined.last, last.score == mark.score {
        joined[joined.count - 1].text += ", " + mark.text
        joined[joined.count - 1].isMain = last.isMain || mark.isMain
      } else {
        joined.append(mark)
      }
    }
    return joined
  }

  private func bars(
    _ scores: [Double], base: Double, height: Double, up: Bool, _ mood: (Double) -> String
  ) -> String {
    let bins = Self.bins
    var counts = [Int](repeating: 0, count: bins)
    for score in scores { counts[min(bins - 1, Int(axis.place(score) * Double(bins)))] += 1 }
    let most = Double(max(counts.max() ?? 1, 1))
    let step = (Self.right - left) / Double(bins)
    return counts.enumerated().filter { $0.element > 0 }.map { index, count in
      let size = max(2, height * Double(count) / most)
      let kind = mood((Double(index) + 0.5) / Double(bins))
      return "<rect class=\"bar \(kind)\" x=\"\((left + Double(index) * step).fixed(digits: 1))\" "
        + "y=\"\((up ? base - size : base).fixed(digits: 1))\" "
        + "width=\"\((step - 1.5).fixed(digits: 1))\" height=\"\(size.fixed(digits: 1))\">"
        + "<title>\(count) \(count == 1 ? "image" : "images")</title></rect>"
    }.joined()
  }

  /// Lines with their texts in rows at the top, so that neighbours do not cover each other; `bottom`
  /// is where lines end, given the number of rows.
  private func marks(_ marks: [Mark], bottom: (Int) -> Double) -> (svg: String, rows: Int) {
    var ends: [Double] = []
    let placed = marks.sorted { $0.score < $1.score }.map { mark in
      let x = left + axis.place(mark.score) * (Self.right - left)
      let length = Double(mark.text.count) * (mark.isMain ? 7 : 6) + 12
      let isRight = x + length > Self.right
      let start = isRight ? x - length : x
      let row = ends.firstIndex { $0 < start } ?? ends.count
      if row == ends.count { ends.append(0) }
      ends[row] = start + length
      return (mark: mark, x: x, row: row, isRight: isRight)
    }
    let end = bottom(ends.count).fixed(digits: 1)
    let lines = placed.map { entry in
      let x = entry.x.fixed(digits: 1)
      return "<line class=\"limit\(entry.mark.isMain ? "" : " other")\" x1=\"\(x)\" x2=\"\(x)\" "
        + "y1=\"\(entry.row * 14 + 2)\" y2=\"\(end)\"/>"
    }
    // Texts come after all lines: their halo covers a line that passes behind them.
    let texts = placed.map { entry in
      "<text class=\"halo\(entry.mark.isMain ? "" : " small")\" "
        + "x=\"\((entry.x + (entry.isRight ? -5 : 5)).fixed(digits: 1))\" "
        + "y=\"\(entry.row * 14 + 12)\" text-anchor=\"\(entry.isRight ? "end" : "start")\">"
        + "\(XML.escaped(entry.mark.text))</text>"
    }
    return ((lines + texts).joined(), ends.count)
  }

  private static func frame(_ parts: [String], height: Int, text: String) -> String {
    "<svg viewBox=\"0 0 660 \(height)\" role=\"img\" aria-label=\"\(text)\">"
      + parts.joined() + "</svg>"
  }
}
