import FactoryModel
import Plant

/// Converted means of one pollutant as bars with their limit; a missing mean is a hatched gap.
enum EmissionChart {
  static func svg(
    _ sheet: EmissionSheet, over range: Range<Timestamp>, _ clock: PlantClock,
    _ language: ReportLanguage
  ) -> String {
    let values = sheet.periods.compactMap { $0.value?.converted ?? $0.value?.mean }
    let frame = CourseFrame(
      range, highest: max(values.max() ?? 0, sheet.limit ?? 0), clock)
    let bars = sheet.periods.map { bar($0, frame) }.joined()
    let limit = sheet.limit.map { frame.level($0, over: range, "limit") } ?? ""
    let name = "\(sheet.outlet), \(Pollutants.name(sheet.factor)), \(sheet.unit)"
    let missing = language.text("crossed out: missing", "斜线：缺失")
    return "<h3>\(XML.escaped(name)) <span class=\"quiet\">"
      + (sheet.missing.isEmpty ? "" : "(\(missing))") + "</span></h3>"
      + frame.svg(bars + limit, label: name) { Format.short($0) }
  }

  private static func bar(_ entry: EmissionSheet.Entry, _ frame: CourseFrame) -> String {
    let left = frame.x(entry.range.lowerBound)
    let width = max(frame.x(entry.range.upperBound) - left, 0.6)
    let bottom = CourseFrame.top + CourseFrame.height
    guard let row = entry.value, let value = row.converted ?? row.mean else {
      return "<path class=\"limit other missing\" d=\"M\((left + width * 0.1).fixed(digits: 1)) "
        + "\(bottom.fixed(digits: 1))L\((left + width * 0.9).fixed(digits: 1)) "
        + "\(CourseFrame.top.fixed(digits: 1))\"/>"
    }
    let y = frame.y(value)
    let mood = row.isOverLimit == true ? " bad" : row.flag == .tooFew ? " faint" : ""
    return "<rect class=\"bar\(mood)\" x=\"\((left + width * 0.1).fixed(digits: 1))\" "
      + "y=\"\(y.fixed(digits: 1))\" width=\"\((width * 0.8).fixed(digits: 1))\" "
      + "height=\"\(max(bottom - y, 0.5).fixed(digits: 1))\"/>"
  }
}
