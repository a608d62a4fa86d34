/// How far a sample can be trusted.
public enum Quality: UInt8, Hashable, Comparable, Sendable, CaseIterable {
  /// A normal reading.
  case good = 0
  /// Read, but not as the record wants it: put in by hand, out of calibration, late.
  case uncertain = 1
  /// No reading to rely on: sensor fault, link lost, not a number. Neither raises nor clears an
  /// alarm on its value.
  case bad = 2

  public static func < (left: Quality, right: Quality) -> Bool { left.rawValue < right.rawValue }

  /// `good`, `uncertain` or `bad`, as exports and the API write it.
  public var name: String {
    switch self {
    case .good: "good"
    case .uncertain: "uncertain"
    case .bad: "bad"
    }
  }
}
