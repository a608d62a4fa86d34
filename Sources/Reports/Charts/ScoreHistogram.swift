/// How many images have which score, with the threshold.
enum ScoreHistogram {
  private static let bins = 64
  private static let width = 640.0

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
    let counts = Self.counts(scores, axis)
    let limit = axis.place(threshold)
    let parts = [
      bars(counts, base: 170, height: 140, up: true) { $0 >= limit ? "bad" : "" },
      marks([Mark(score: threshold, text: "threshold", isMain: true)], axis, bottom: 170),
      axis.svg(width: width, y: 170),
    ]
    return frame(parts, height: 194, text: "Histogram of scores")
  }

  /// An SVG of good images upwards and defective ones downwards, with `marks` across both.
  static func svg(good: [Double], defective: [Double], marks lines: [Mark]) -> String {
    let axis = ScoreAxis(good + defective, marks: lines.map(\.score))
    let parts = [
      "<text x=\"4\" y=\"40\">good</text><text x=\"4\" y=\"262\">defective</text>",
      bars(counts(good, axis), base: 150, height: 112, up: true) { _ in "" },
      bars(counts(defective, axis), base: 152, height: 112, up: false) { _ in "bad" },
      marks(lines, axis, bottom: 266),
      axis.svg(width: width, y: 268),
    ]
    return frame(
      parts, height: 292, text: "Scores of good images upwards, of defective images downwards")
  }

  private static func counts(_ scores: [Double], _ axis: ScoreAxis) -> [Int] {
    var counts = [Int](repeating: 0, count: bins)
    for score in scores { counts[min(bins - 1, Int(axis.place(score) * Double(bins)))] += 1 }
    return counts
  }

  private static func bars(
    _ counts: [Int], base: Double, height: Double, up: Bool, _ mood: (Double) -> String
  ) -> String {
    let most = Double(max(counts.max() ?? 1, 1))
    let step = width / Double(bins)
    return counts.enumerated().filter { $0.element > 0 }.map { index, count in
      let size = max(2, height * Double(count) / most)
      let kind = mood((Double(index) + 0.5) / Double(bins))
      return "<rect class=\"bar \(kind)\" x=\"\(Format.fixed(Double(index) * step, 1))\" "
        + "y=\"\(Format.fixed(up ? base - size : base, 1))\" "
        + "width=\"\(Format.fixed(step - 1.5, 1))\" height=\"\(Format.fixed(size, 1))\">"
        + "<title>\(count) \(count == 1 ? "image" : "images")</title></rect>"
    }.joined()
  }

  /// Lines with their texts in rows at the top, so that neighbours do not cover each other.
  private static func marks(_ marks: [Mark], _ axis: ScoreAxis, bottom: Double) -> String {
    var ends: [Double] = []
    return marks.sorted { $0.score < $1.score }.map { mark in
      let x = axis.place(mark.score) * width
      let length = Double(mark.text.count) * 6.6 + 8
      let isRight = x + length > width
      let start = isRight ? x - length : x
      let row = ends.firstIndex { $0 < start } ?? ends.count
      if row == ends.count { ends.append(0) }
      ends[row] = start + length
      let place = Format.fixed(x, 1)
      return "<line class=\"limit\(mark.isMain ? "" : " other")\" x1=\"\(place)\" x2=\"\(place)\" "
        + "y1=\"\(row * 14 + 2)\" y2=\"\(Format.fixed(bottom, 1))\"/>"
        + "<text class=\"\(mark.isMain ? "" : "small")\" "
        + "x=\"\(Format.fixed(x + (isRight ? -5 : 5), 1))\" y=\"\(row * 14 + 12)\" "
        + "text-anchor=\"\(isRight ? "end" : "start")\">\(XML.escaped(mark.text))</text>"
    }.joined()
  }

  private static func frame(_ parts: [String], height: Int, text: String) -> String {
    "<svg viewBox=\"0 0 640 \(height)\" role=\"img\" aria-label=\"\(text)\">"
      + parts.joined() + "</svg>"
  }
}
