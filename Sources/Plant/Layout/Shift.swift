/// A stretch of the day that a crew works.
public struct Shift: Hashable, Sendable {
  public var name: String
  /// Minutes after midnight; `end` below `start` reaches into the next day.
  public var startMinute: Int
  public var endMinute: Int
  /// Pairs of minutes after midnight.
  public var breaks: [Range<Int>]

  /// As a site file says it.
  public init(name: String, startMinute: Int, endMinute: Int, breaks: [Range<Int>]) {
    self.name = name
    self.startMinute = startMinute
    self.endMinute = endMinute
    self.breaks = breaks
  }
}
