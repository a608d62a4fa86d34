import FactoryModel

/// Points of a chart, joined by lines where their pieces of time follow each other; those that are
/// off stand out.
enum CoursePoints {
  static func svg(
    _ points: [(piece: Range<Timestamp>, value: Double, isOff: Bool)], in frame: CourseFrame
  ) -> String {
    var (lines, dots, end): ([[String]], String, Timestamp?) = ([], "", nil)
    for point in points {
      let middle = (frame.x(point.piece.lowerBound) + frame.x(point.piece.upperBound)) / 2
      let place = (middle.fixed(digits: 1), frame.y(point.value).fixed(digits: 1))
      if point.piece.lowerBound != end { lines.append([]) }
      lines[lines.count - 1].append("\(place.0),\(place.1)")
      end = point.piece.upperBound
      dots +=
        "<circle class=\"\(point.isOff ? "point" : "dot")\" cx=\"\(place.0)\" "
        + "cy=\"\(place.1)\" r=\"\(point.isOff ? 5 : 3)\"/>"
    }
    return lines.map { "<polyline class=\"curve\" points=\"\($0.joined(separator: " "))\"/>" }
      .joined() + dots
  }
}
