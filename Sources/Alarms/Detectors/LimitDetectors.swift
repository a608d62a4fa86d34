import FactoryModel

/// What a detector says of one sample.
struct Judgement {
  /// Whether the condition holds.
  var holds: Bool
  /// What was compared with the limit: the value, a rate, a chart's statistic.
  var value: Double
  var limit: Double?
  /// More for whoever reads the journal.
  var comment: String?
}

/// Values between which a sample changes nothing, so that it needs no judging.
struct QuietBand {
  var low = -Double.infinity
  var high = Double.infinity

  /// No value is quiet.
  static let none = QuietBand(low: .infinity, high: -.infinity)

  /// The values that both leave quiet.
  mutating func narrow(to other: QuietBand) {
    low = max(low, other.low)
    high = min(high, other.high)
  }
}

/// One limit. The alarm is raised beyond it; once raised, a dead band above zero holds it until the
/// value is strictly behind limit ∓ dead band. Without a dead band it ends at the limit itself.
struct LimitDetector {
  var limit: Double
  var deadband: Double
  var isUpper: Bool

  func judge(_ value: Double, raised: Bool) -> Judgement {
    // Looked at from above: a lower limit is an upper one of the negative value.
    let (x, bound) = isUpper ? (value, limit) : (-value, -limit)
    let holds = raised && deadband > 0 ? x >= bound - deadband : x > bound
    return Judgement(holds: holds, value: value, limit: limit)
  }

  func quietBand(raised: Bool) -> QuietBand {
    if !raised {
      return isUpper ? QuietBand(high: limit) : QuietBand(low: limit)
    }
    guard deadband > 0 else {
      return isUpper ? QuietBand(low: limit.nextUp) : QuietBand(high: limit.nextDown)
    }
    return isUpper ? QuietBand(low: limit - deadband) : QuietBand(high: limit + deadband)
  }
}

/// The distance from a set-point; undecided until the set-point is known.
struct DeviationDetector {
  var above: Double?
  var below: Double?
  var deadband: Double
  var setPoint: Double?

  func judge(_ value: Double, raised: Bool) -> Judgement? {
    guard let setPoint else { return nil }
    var result = Judgement(holds: false, value: value)
    if let above {
      result = LimitDetector(limit: setPoint + above, deadband: deadband, isUpper: true)
        .judge(value, raised: raised)
      if result.holds { return result }
    }
    guard let below else { return result }
    let lower = LimitDetector(limit: setPoint - below, deadband: deadband, isUpper: false)
      .judge(value, raised: raised)
    let isNearer = above == nil || value < setPoint
    return lower.holds || isNearer ? lower : result
  }

  func quietBand(raised: Bool) -> QuietBand {
    guard let setPoint, !raised else { return .none }
    return QuietBand(
      low: below.map { setPoint - $0 } ?? -.infinity,
      high: above.map { setPoint + $0 } ?? .infinity)
  }
}

/// The change of a value over time.
struct RateDetector {
  var limits: RateLimits
  var deadband: Double
  /// The newest last; the first is the only one that is at least `over` older than the last.
  var history: [(time: Int64, value: Double)] = []

  /// Undecided for the first sample and until the history is as long as the limits want.
  mutating func judge(_ value: Double, at time: Int64, raised: Bool) -> Judgement? {
    if let last = history.last, time <= last.time { return nil }
    history.append((time, value))
    let wanted = time.subtractingSaturating(max(limits.over.inNanoseconds, 1))
    var first = 0
    while first + 1 < history.count, history[first + 1].time <= wanted { first += 1 }
    history.removeFirst(first)
    guard history.count > 1, history[0].time <= wanted else { return nil }
    let elapsed = Double(time) - Double(history[0].time)
    let rate = (value - history[0].value) / elapsed * Double(limits.per.inNanoseconds)
    var result = Judgement(holds: false, value: rate)
    if let rise = limits.rise {
      result = LimitDetector(limit: rise, deadband: deadband, isUpper: true)
        .judge(rate, raised: raised)
      if result.holds { return result }
    }
    guard let fall = limits.fall else { return result }
    let lower = LimitDetector(limit: -fall, deadband: deadband, isUpper: false)
      .judge(rate, raised: raised)
    return lower.holds || rate < 0 ? lower : result
  }
}

extension Int64 {
  /// `self − other`, held at the ends of the range.
  func subtractingSaturating(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other > 0 ? .min : .max) : difference
  }

  /// `self + other`, held at the ends of the range.
  func addingSaturating(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }
}
