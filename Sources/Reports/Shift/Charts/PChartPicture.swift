import FactoryModel
import Plant

/// The share of rejects over time with its control limits; points outside stand out.
enum PChartPicture {
  static func svg(
    _ chart: PChart, over range: Range<Timestamp>, _ clock: PlantClock, _ language: ReportLanguage
  ) -> String {
    let highest = chart.points.map { max($0.share, $0.upper) }.max() ?? 1
    let frame = CourseFrame(range, highest: highest, clock)
    var content = frame.level(chart.mean, over: range, "axis")
    var lines: [[String]] = []
    var dots = ""
    var end: Timestamp?
    for point in chart.points {
      content += frame.level(point.upper, over: point.range, "limit")
      if point.lower > 0 { content += frame.level(point.lower, over: point.range, "limit") }
      let middle = (frame.x(point.range.lowerBound) + frame.x(point.range.upperBound)) / 2
      let place = (Format.fixed(middle, 1), Format.fixed(frame.y(point.share), 1))
      // Over a stretch without inspected parts no line is drawn.
      if point.range.lowerBound != end { lines.append([]) }
      lines[lines.count - 1].append("\(place.0),\(place.1)")
      end = point.range.upperBound
      dots +=
        "<circle class=\"\(point.isOutside ? "point" : "dot")\" cx=\"\(place.0)\" "
        + "cy=\"\(place.1)\" r=\"\(point.isOutside ? 5 : 3)\"/>"
    }
    for line in lines {
      content += "<polyline class=\"curve\" points=\"\(line.joined(separator: " "))\"/>"
    }
    return frame.svg(content + dots, label: language.text("Reject rate", "不合格率")) {
      Format.fixed($0 * 100, 1) + " %"
    }
  }
}
