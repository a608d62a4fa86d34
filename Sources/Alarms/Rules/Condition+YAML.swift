import FactoryModel
import StrictYAML

/// A signal's name or pattern.
func pattern(_ mapping: StrictMapping, _ key: String) throws(YAMLError) -> SignalPattern {
  try pattern(
    mapping.required(key, mapping.string(key)), at: "\(mapping.place), \(key)")
}

func pattern(_ text: String, at place: String) throws(YAMLError) -> SignalPattern {
  do { return try SignalPattern(text) } catch {
    throw .wrongValue(
      place: place, found: "“\(text)”",
      expected: "measurement.field, measurement.field{tag=value,…} or measurement.field{*}")
  }
}

extension AlarmRule.Condition {
  /// Reads the condition of one kind.
  init(
    _ kind: String, _ value: YAMLValue, model: (String) throws -> PrincipalModel
  ) throws(YAMLError) {
    switch kind {
    case "exceedance":
      guard let limit = value.number else { throw value.wrong("a number") }
      self = .above(limit)
    case "rate": self = .rate(try RateLimits(value))
    case "deviation": self = .deviation(try DeviationLimits(value))
    case "stale":
      guard let time = value.text.flatMap(duration(of:)), time > .zero else {
        throw value.wrong("a time with its unit, such as 30s or 5m")
      }
      self = .stale(time)
    case "equals":
      let words = value.items?.compactMap(\.text) ?? value.text.map { [$0] } ?? []
      guard !words.isEmpty else { throw value.wrong("a word or a list of words") }
      self = .equals(words)
    case "ewma":
      let chart = try value.mapping(keys: ["mean", "sigma", "learn", "weight", "width"])
      self = .ewma(try EWMASettings(chart), try Baseline(chart))
    case "cusum":
      let chart = try value.mapping(keys: ["mean", "sigma", "learn", "slack", "decision"])
      self = .cusum(try CUSUMSettings(chart), try Baseline(chart))
    case "nelson":
      let chart = try value.mapping(keys: ["mean", "sigma", "learn", "rules"])
      self = .nelson(try NelsonRule.set(chart), try Baseline(chart))
    default:
      guard let path = value.text else { throw value.wrong("the path of a model") }
      do { self = .unusual(try model(path)) } catch {
        throw .wrongValue(
          place: value.place, found: "“\(path)” (\(error))",
          expected: "a model that `gemba alarms learn` wrote")
      }
    }
  }
}

extension RateLimits {
  init(_ value: YAMLValue) throws(YAMLError) {
    let mapping = try value.mapping(keys: ["rise", "fall", "per", "over"])
    self.init(rise: try mapping.number("rise"), fall: try mapping.number("fall"))
    per = try mapping.duration("per") ?? .seconds(1)
    over = try mapping.duration("over") ?? .zero
    guard rise != nil || fall != nil, rise ?? 1 > 0, fall ?? 1 > 0, per > .zero else {
      throw value.wrong("rise, fall or both, above zero, per a time above zero")
    }
  }
}

extension DeviationLimits {
  init(_ value: YAMLValue) throws(YAMLError) {
    let mapping = try value.mapping(keys: ["from", "above", "below"])
    self.init(
      from: try pattern(mapping, "from"), above: try mapping.number("above"),
      below: try mapping.number("below"))
    guard above != nil || below != nil, above ?? 0 >= 0, below ?? 0 >= 0 else {
      throw value.wrong("from, and above, below or both, zero or more")
    }
  }
}

extension Baseline {
  fileprivate init(_ chart: StrictMapping) throws(YAMLError) {
    let mean = try chart.number("mean")
    let sigma = try chart.number("sigma")
    let samples = try chart.integer("learn")
    switch (mean, sigma, samples) {
    case (let mean?, let sigma?, nil) where sigma > 0: self = .known(mean: mean, sigma: sigma)
    case (nil, nil, let samples?) where samples >= 2: self = .learned(samples: samples)
    default:
      throw .wrongValue(
        place: chart.place, found: chart.keys.joined(separator: ", "),
        expected: "mean and sigma (above 0), or learn: 2 or more samples")
    }
  }
}

extension EWMASettings {
  fileprivate init(_ chart: StrictMapping) throws(YAMLError) {
    self.init()
    weight = try chart.number("weight") ?? weight
    width = try chart.number("width") ?? width
    if let value = chart["weight"], weight <= 0 || weight > 1 {
      throw value.wrong("above 0 and at most 1")
    }
    if let value = chart["width"], width <= 0 { throw value.wrong("above 0") }
  }
}

extension CUSUMSettings {
  fileprivate init(_ chart: StrictMapping) throws(YAMLError) {
    self.init()
    slack = try chart.number("slack") ?? slack
    decision = try chart.number("decision") ?? decision
    if let value = chart["slack"], slack < 0 { throw value.wrong("zero or more") }
    if let value = chart["decision"], decision <= 0 { throw value.wrong("above 0") }
  }
}

extension NelsonRule {
  /// The rules named, all eight when none is.
  fileprivate static func set(_ chart: StrictMapping) throws(YAMLError) -> Set<NelsonRule> {
    guard let value = chart["rules"], let names = try chart.strings("rules") else {
      return Set(allCases)
    }
    let rules = names.compactMap(NelsonRule.init(rawValue:))
    guard rules.count == names.count, !rules.isEmpty else {
      throw value.wrong("a list of nelson-1 … nelson-8")
    }
    return Set(rules)
  }
}
