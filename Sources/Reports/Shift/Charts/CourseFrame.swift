import FactoryModel
import Plant

/// The frame of a chart over a range: time along the bottom, values on the left.
struct CourseFrame {
  static let left = 48.0
  static let width = 560.0
  static let top = 18.0
  static let height = 120.0

  private let range: Range<Timestamp>
  private let lowest: Double
  private let highest: Double
  private let clock: PlantClock

  /// A frame that shows values from `lowest`, which is 0 unless it is given, to `highest`.
  init(
    _ range: Range<Timestamp>, lowest: Double = 0, highest: Double, _ clock: PlantClock
  ) {
    self.range = range
    self.lowest = lowest
    self.highest = highest > lowest ? lowest + (highest - lowest) * 1.08 : lowest + 1
    self.clock = clock
  }

  func x(_ time: Timestamp) -> Double {
    Self.left + Self.width * ((time - range.lowerBound) / range.duration)
  }

  func y(_ value: Double) -> Double {
    Self.top + Self.height * (1 - min(max((value - lowest) / (highest - lowest), 0), 1))
  }

  /// A line across a stretch of time at a value.
  func level(_ value: Double, over stretch: Range<Timestamp>, _ kind: String) -> String {
    let y = y(value).fixed(digits: 1)
    return "<line class=\"\(kind)\" x1=\"\(x(stretch.lowerBound).fixed(digits: 1))\" "
      + "x2=\"\(x(stretch.upperBound).fixed(digits: 1))\" y1=\"\(y)\" y2=\"\(y)\"/>"
  }

  /// The finished chart.
  func svg(_ content: String, label: String, value: (Double) -> String) -> String {
    let bottom = (Self.top + Self.height).fixed(digits: 1)
    var axes =
      "<line class=\"axis\" x1=\"\(Self.left)\" x2=\"\(Self.left + Self.width)\" "
      + "y1=\"\(bottom)\" y2=\"\(bottom)\"/>"
    for share in [0, 0.5, 1] {
      let level = lowest + (highest - lowest) / 1.08 * share
      axes +=
        "<text class=\"small\" text-anchor=\"end\" x=\"\(Self.left - 6)\" "
        + "y=\"\((y(level) + 4).fixed(digits: 1))\">\(value(level))</text>"
    }
    let step = range.duration / 6
    let isLong = range.duration > .seconds(2 * 86_400)
    for tick in 0...6 {
      let time = range.lowerBound + step * tick
      let text = isLong ? String(clock.moment(time).dropFirst(5).prefix(5)) : clock.clock(time)
      axes +=
        "<text class=\"small\" text-anchor=\"middle\" x=\"\(x(time).fixed(digits: 1))\" "
        + "y=\"\((Self.top + Self.height + 16).fixed(digits: 1))\">\(text)</text>"
    }
    return "<svg viewBox=\"0 0 640 162\" role=\"img\" aria-label=\"\(XML.escaped(label))\">"
      + axes + content + "<text class=\"small\" x=\"\(Self.left + 6)\" y=\"10\">"
      + "\(XML.escaped(label))</text></svg>"
  }
}
