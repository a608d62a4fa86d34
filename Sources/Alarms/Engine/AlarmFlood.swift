import FactoryModel

/// A time of more alarms than an operator can follow.
public struct AlarmFlood: Hashable, Sendable {
  /// When the alarm came that made it a flood.
  public var began: Timestamp
  /// When it ended, nil while it lasts.
  public var ended: Timestamp?
  /// New alarms from ten minutes before it began to its end.
  public var alarms: Int

  /// The floods that new alarms make, in order; the last one may not have ended.
  /// - Parameters:
  ///   - times: in order.
  ///   - end: up to when time has passed.
  public static func floods(of times: [Timestamp], until end: Timestamp) -> [AlarmFlood] {
    var watch = FloodWatch()
    for time in times { watch.add(at: time) }
    watch.advance(to: end)
    return watch.ended + [watch.current].compactMap(\.self)
  }

  /// Whether a new alarm of that time is one of the flood's: from ten minutes before it began.
  public func holds(_ time: Timestamp) -> Bool {
    began - FloodWatch.span < time && ended.map { time < $0 } ?? true
  }
}

/// Groups new alarms into floods: one begins when more than 10 have come within 10 minutes and ends
/// when fewer than 5 have (EEMUA 191, ISA-18.2; secondary).
private struct FloodWatch {
  static let span = Duration.seconds(600)
  /// New alarms in order of time; those before `first` are more than ten minutes old.
  private var recent: [Timestamp] = []
  private var first = 0
  private(set) var current: AlarmFlood?
  /// Oldest first.
  private(set) var ended: [AlarmFlood] = []

  /// A new alarm. Times do not go back.
  mutating func add(at time: Timestamp) {
    advance(to: time)
    recent.append(time)
    if current != nil {
      current?.alarms += 1
    } else if recent.count - first > 10 {
      current = AlarmFlood(began: time, alarms: recent.count - first)
    }
  }

  /// Time passes.
  mutating func advance(to time: Timestamp) {
    while first < recent.count, recent[first] + Self.span <= time {
      first += 1
      guard recent.count - first < 5, var flood = current else { continue }
      flood.ended = recent[first - 1] + Self.span
      ended.append(flood)
      current = nil
    }
  }
}
