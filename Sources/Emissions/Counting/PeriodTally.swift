import FactoryModel

/// What is known of one input over one period.
struct PeriodTally: Hashable, Sendable {
  /// Nil without any value that counts.
  var mean: Double?
  var minimum: Double?
  var maximum: Double?
  /// At the reference oxygen; nil where too few values have one.
  var converted: Double?
  /// Kilograms or cubic metres.
  var total: Double?
  /// Values that count.
  var count = 0
  /// Of the values that the period has room for; for a minute of those received.
  var capturePercent = 0.0
  var flag = PeriodFlag.tooFew

  /// Nothing known.
  init() {}

  var isUsable: Bool { flag != .tooFew }

  /// A period from the values below it, place by place, nil where there is none.
  ///
  /// Those with too few values of their own do not count; of all that are there, `normalShare` must
  /// be normal. The mean is the arithmetic one, and so is the converted mean, of the values that
  /// have one, if these are enough by the same rule.
  init(_ below: [PeriodTally?], _ rule: ValidityRule, normalShare: Double) {
    let isUsable = below.map { $0?.isUsable ?? false }
    let usable = below.compactMap { $0 }.filter(\.isUsable)
    let present = below.count { ($0?.mean) != nil }
    let normal = usable.count { $0.flag == .normal }
    count = usable.count
    capturePercent = 100 * Double(count) / Double(below.count)
    mean = Self.mean(usable.compactMap(\.mean))
    minimum = usable.compactMap(\.minimum).min()
    maximum = usable.compactMap(\.maximum).max()
    let totals = below.compactMap { $0?.total }
    total = totals.isEmpty ? nil : totals.reduce(0, +)
    guard rule.holds(isUsable) else { return }
    flag = Double(normal) >= normalShare * Double(present) ? .normal : .abnormal
    guard rule.holds(below.map { $0?.converted != nil }) else { return }
    converted = Self.mean(usable.compactMap(\.converted))
  }

  /// A minute from its readings.
  init(_ readings: MinuteReadings, least: Int, normalShare: Double) {
    count = readings.usable
    guard readings.received > 0 else { return }
    capturePercent = 100 * Double(readings.usable) / Double(readings.received)
    guard readings.usable > 0 else { return }
    mean = readings.sum / Double(readings.usable)
    minimum = readings.minimum
    maximum = readings.maximum
    guard readings.usable >= least else { return }
    let isNormal = Double(readings.normal) >= normalShare * Double(readings.received)
    flag = isNormal ? .normal : .abnormal
  }

  /// A period as it was recorded.
  init(_ value: PeriodValue) {
    mean = value.mean
    minimum = value.minimum
    maximum = value.maximum
    converted = value.converted
    total = value.total
    count = value.count
    capturePercent = value.capturePercent
    flag = value.flag
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}

/// The readings of one input in one minute.
struct MinuteReadings: Sendable {
  /// Milliseconds into the minute of the readings received, in order.
  private var moments: [UInt16] = []
  private(set) var sum = 0.0
  private(set) var minimum = Double.infinity
  private(set) var maximum = -Double.infinity
  /// Good or uncertain.
  private(set) var usable = 0
  /// Good.
  private(set) var normal = 0

  var received: Int { moments.count }

  /// Adds a reading. Of several in one millisecond the first counts; false for the others.
  mutating func add(_ value: Double, quality: Quality, millisecond: UInt16) -> Bool {
    if let last = moments.last, last >= millisecond {
      var place = moments.count
      while place > 0, moments[place - 1] > millisecond { place -= 1 }
      if place > 0, moments[place - 1] == millisecond { return false }
      moments.insert(millisecond, at: place)
    } else {
      moments.append(millisecond)
    }
    guard quality != .bad else { return true }
    usable += 1
    if quality == .good { normal += 1 }
    sum += value
    minimum = min(minimum, value)
    maximum = max(maximum, value)
    return true
  }
}
