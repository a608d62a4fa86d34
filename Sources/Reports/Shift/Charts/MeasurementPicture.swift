import FactoryModel
import Plant

/// Means of subgroups above, their ranges below, each with its limits; what breaks a rule stands out.
enum MeasurementPicture {
  static func svg(
    _ chart: MeasurementChart, over range: Range<Timestamp>, _ clock: PlantClock,
    _ language: ReportLanguage
  ) -> String {
    let capability = chart.cpk.map { "Cpk \($0.fixed(digits: 2))" } ?? "Cpk –"
    return "<h3>\(XML.escaped(chart.signal.description)) <span class=\"quiet\">\(capability)"
      + "</span></h3>" + means(chart, range, clock, language)
      + ranges(chart, range, clock, language)
  }

  private static func means(
    _ chart: MeasurementChart, _ range: Range<Timestamp>, _ clock: PlantClock,
    _ language: ReportLanguage
  ) -> String {
    let (mean, reach) = (chart.mean ?? 0, chart.reach ?? 0)
    let limits = [mean - reach, mean + reach]
    let values = chart.subgroups.map(\.mean) + limits
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let pad = max((high - low) * 0.08, abs(mean) * 1e-6, 1e-9)
    let frame = CourseFrame(range, lowest: low - pad, highest: high + pad, clock)
    let ends = [chart.specification.low, chart.specification.high].compactMap(\.self)
      .filter { $0 >= low - pad && $0 <= high + pad }
    let lines =
      frame.level(mean, over: range, "axis")
      + limits.map { frame.level($0, over: range, "limit") }.joined()
      + ends.map { frame.level($0, over: range, "end") }.joined()
    let points = chart.subgroups.map { (piece: $0.piece, value: $0.mean, isOff: !$0.rules.isEmpty) }
    let label = language.text("Means of subgroups, X̄", "子组均值 X̄")
    return frame.svg(lines + CoursePoints.svg(points, in: frame), label: label) {
      Format.fixed($0, within: high - low)
    }
  }

  private static func ranges(
    _ chart: MeasurementChart, _ range: Range<Timestamp>, _ clock: PlantClock,
    _ language: ReportLanguage
  ) -> String {
    let upper = chart.upperRange ?? 0
    let frame = CourseFrame(
      range, highest: max(chart.subgroups.map(\.range).max() ?? 0, upper), clock)
    let lines =
      frame.level(chart.meanRange ?? 0, over: range, "axis")
      + frame.level(upper, over: range, "limit")
    let points = chart.subgroups.map {
      (piece: $0.piece, value: $0.range, isOff: chart.isWide($0))
    }
    let label = language.text("Ranges of subgroups, R", "子组极差 R")
    return frame.svg(lines + CoursePoints.svg(points, in: frame), label: label) {
      Format.fixed($0, within: upper)
    }
  }
}
