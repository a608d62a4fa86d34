import FactoryModel

/// The part of an alarm that looks at values: one case for each condition of a rule.
enum Detector {
  case limit(LimitDetector)
  case deviation(DeviationDetector)
  case rate(RateDetector)
  /// Judged by the clock alone; nanoseconds.
  case stale(period: Int64)
  case equals(WordMatcher)
  case ewma(EWMAChart)
  case cusum(CUSUMChart)
  case nelson(NelsonChart)
  case unusual(UnusualDetector)

  init(_ rule: AlarmRule) {
    switch rule.condition {
    case .above(let limit):
      self = .limit(LimitDetector(limit: limit, deadband: rule.deadband, isUpper: true))
    case .below(let limit):
      self = .limit(LimitDetector(limit: limit, deadband: rule.deadband, isUpper: false))
    case .rate(let limits): self = .rate(RateDetector(limits: limits, deadband: rule.deadband))
    case .deviation(let limits):
      self = .deviation(
        DeviationDetector(above: limits.above, below: limits.below, deadband: rule.deadband))
    case .stale(let period): self = .stale(period: period.inNanoseconds)
    case .equals(let words): self = .equals(WordMatcher(words))
    case .ewma(let settings, let baseline): self = .ewma(EWMAChart(settings, baseline))
    case .cusum(let settings, let baseline): self = .cusum(CUSUMChart(settings, baseline))
    case .nelson(let rules, let baseline): self = .nelson(NelsonChart(rules, baseline))
    case .unusual(let model): self = .unusual(UnusualDetector(model))
    }
  }

  /// Whether the number compared is the signal's own value.
  var comparesValue: Bool {
    switch self {
    case .limit, .deviation, .stale, .equals: true
    case .rate, .ewma, .cusum, .nelson, .unusual: false
    }
  }

  /// Whether it is the clock of arrival that decides.
  var isSilence: Bool {
    if case .stale = self { true } else { false }
  }

  /// Judges a usable sample of the watched signal; nil where it decides nothing.
  /// - Parameters:
  ///   - isRepeated: whether the sample has the time of the one before, which charts pass over.
  ///   - raised: whether the alarm's condition holds so far.
  mutating func judge(
    _ value: Double, at time: Int64, isRepeated: Bool, raised: Bool, signal: SignalID,
    in table: SignalTable
  ) -> Judgement? {
    switch self {
    case .limit(let detector): return detector.judge(value, raised: raised)
    case .deviation(let detector): return detector.judge(value, raised: raised)
    case .stale, .unusual: return nil
    case .rate(var detector):
      self = .stale(period: 0)  // so that the history has one owner while it changes
      defer { self = .rate(detector) }
      return detector.judge(value, at: time, raised: raised)
    case .equals(var matcher):
      let holds = matcher.matches(value, of: signal, in: table)
      self = .equals(matcher)
      return Judgement(holds: holds, value: value)
    case .ewma, .cusum, .nelson: return isRepeated ? nil : judgeChart(value)
    }
  }

  private mutating func judgeChart(_ value: Double) -> Judgement? {
    switch self {
    case .ewma(var chart):
      defer { self = .ewma(chart) }
      return chart.judge(value)
    case .cusum(var chart):
      defer { self = .cusum(chart) }
      return chart.judge(value)
    case .nelson(var chart):
      self = .stale(period: 0)
      defer { self = .nelson(chart) }
      return chart.judge(value)
    default: return nil
    }
  }

  /// Takes one column of a model's row; nil until the row is complete.
  mutating func judgeColumn(_ value: Double, column: Int) -> Judgement? {
    guard case .unusual(var detector) = self else { return nil }
    self = .stale(period: 0)
    defer { self = .unusual(detector) }
    return detector.judge(value, column: column)
  }

  /// The values that leave an alarm without a pending delay as it is.
  func quietBand(raised: Bool, last: Double) -> QuietBand {
    switch self {
    case .limit(let detector): return detector.quietBand(raised: raised)
    case .deviation(let detector): return detector.quietBand(raised: raised)
    case .stale: return raised ? .none : QuietBand()
    case .equals: return QuietBand(low: last, high: last)
    case .rate, .ewma, .cusum, .nelson, .unusual: return .none
    }
  }

  /// Forgets times, when a signal's clock has stepped back.
  mutating func forgetTimes() {
    guard case .rate(var detector) = self else { return }
    detector.forget()
    self = .rate(detector)
  }
}
