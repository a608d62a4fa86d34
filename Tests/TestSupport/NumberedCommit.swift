import FactoryModel

/// What the process that fills a record writes with each commit: a pure function of its number, so
/// that a test can say what must be there.
public struct NumberedCommit: Sendable {
  /// Counts from 1.
  public let number: Int

  /// The commit of a number.
  public init(_ number: Int) {
    self.number = number
  }

  /// The last of them holds the commits' numbers.
  public static let signals = ["a", "b", "c", "number"].map {
    SignalName(path: "filler.value", tags: [.init("id", $0)])
  }

  /// Forty readings of one of the first three signals, and the number itself.
  public var samples: [(signal: Int, sample: Sample)] {
    let start = Int64(number) * 1_000
    let readings = (0..<40).map { place in
      (number % 3, Sample(time: Timestamp(nanoseconds: start + place), value: value(place)))
    }
    let mark = Sample(time: Timestamp(nanoseconds: start), value: Double(number))
    return readings + [(Self.signals.count - 1, mark)]
  }

  /// Two with every even number.
  public var transitions: [AlarmTransition] {
    guard number % 2 == 0 else { return [] }
    return (0..<2).map { place in
      AlarmTransition(
        serial: Int64(number - 1 + place), time: Timestamp(nanoseconds: Int64(number) * 1_000),
        alarm: "filler", signal: Self.signals[number % 3].description,
        from: place == 0 ? .normal : .unacknowledged, to: place == 0 ? .unacknowledged : .normal,
        value: Double(number), limit: 3, comment: "commit \(number)")
    }
  }

  private func value(_ place: Int64) -> Double {
    Double((Int64(number) * 7_919 + place * 104_729) % 10_007) / 8
  }
}
