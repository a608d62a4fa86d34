import FactoryModel

/// A time of more alarms than an operator can follow.
public struct AlarmFlood: Hashable, Sendable {
  /// When the alarm came that made it a flood.
  public var began: Timestamp
  /// When it ended, nil while it lasts.
  public var ended: Timestamp?
  /// New alarms from ten minutes before it began to its end.
  public var alarms: Int
}

/// Groups new alarms into floods: one begins when more than 10 have come within 10 minutes and ends
/// when fewer than 5 have (EEMUA 191, ISA-18.2; secondary).
struct FloodWatch {
  private static let span = Duration.seconds(600)
  private var recent: [Timestamp] = []
  private(set) var current: AlarmFlood?

  /// A new alarm. Times do not go back.
  mutating func add(at time: Timestamp) {
    _ = advance(to: time)
    recent.append(time)
    if current != nil {
      current?.alarms += 1
    } else if recent.count > 10 {
      current = AlarmFlood(began: time, alarms: recent.count)
    }
  }

  /// Time passes; gives a flood that has ended by `time`.
  mutating func advance(to time: Timestamp) -> AlarmFlood? {
    var ended: AlarmFlood?
    while let first = recent.first, first + Self.span <= time {
      recent.removeFirst()
      if recent.count < 5, var flood = current {
        flood.ended = first + Self.span
        ended = flood
        current = nil
      }
    }
    return ended
  }
}
