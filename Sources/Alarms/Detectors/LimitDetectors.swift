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

extension Judgement {
  /// The same with numbers that every record can hold.
  var finite: Judgement {
    func held(_ number: Double) -> Double {
      let most = Double.greatestFiniteMagnitude
      return number.isNaN ? 0 : max(-most, min(most, number))
    }
    var copy = self
    copy.value = held(value)
    copy.limit = limit.map(held)
    return copy
  }
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
  /// Earlier samples, the newest last. Of those before `first` none is needed any more; it alone is
  /// at least `over` older than the newest.
  private var history: [(time: Int64, value: Double)] = []
  private var first = 0
  private var newest = Int64.min
  /// Samples nearer to each other than this share of `over` are not kept, which bounds their number.
  private static let parts: Int64 = 512

  init(limits: RateLimits, deadband: Double) {
    self.limits = limits
    self.deadband = deadband
  }

  /// Begins anew.
  mutating func forget() {
    self = RateDetector(limits: limits, deadband: deadband)
  }

  /// Undecided for the first sample and until the history is as long as the limits want.
  mutating func judge(_ value: Double, at time: Int64, raised: Bool) -> Judgement? {
    guard time > newest else { return nil }
    newest = time
    let over = max(limits.over.inNanoseconds, 1)
    let wanted = time.subtractingSaturating(over)
    while first + 1 < history.count, history[first + 1].time <= wanted { first += 1 }
    if first > 64, first * 2 > history.count {
      history.removeFirst(first)
      first = 0
    }
    let start = first < history.count ? history[first] : nil
    let gap = history.last.map { time.subtractingSaturating($0.time) } ?? .max
    if gap >= over / Self.parts { history.append((time, value)) }
    guard let start, start.time <= wanted else { return nil }
    let elapsed = Double(time) - Double(start.time)
    let rate = (value - start.value) / elapsed * Double(limits.per.inNanoseconds)
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

  func save(to memory: inout MemoryWriter) {
    memory.put(newest)
    memory.put(history.count - first)
    for (time, value) in history[first...] {
      memory.put(time)
      memory.put(value)
    }
  }

  mutating func load(from memory: inout MemoryReader) throws(MemoryFault) {
    newest = try memory.int64()
    for _ in 0..<(try memory.count(size: 16)) {
      history.append((try memory.int64(), try memory.double()))
    }
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
