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
    for point in chart.points {
      content += frame.level(point.upper, over: point.range, "limit")
      if point.lower > 0 { content += frame.level(point.lower, over: point.range, "limit") }
    }
    content += CoursePoints.svg(
      chart.points.map { (piece: $0.range, value: $0.share, isOff: !$0.rules.isEmpty) }, in: frame)
    return frame.svg(content, label: language.text("Reject rate", "不合格率")) { $0.percent(digits: 1) }
  }
}
