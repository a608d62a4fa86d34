import FactoryModel
import StrictYAML

extension AlarmRule {
  private static let levels = ["highHigh", "high", "low", "lowLow"]
  private static let others = [
    "exceedance", "rate", "deviation", "stale", "equals", "ewma", "cusum", "nelson", "model",
  ]
  private static let behaviour = [
    "priority", "deadband", "onDelay", "offDelay", "latch", "reAlarm", "longestShelving",
    "suppress",
  ]

  /// Reads the `alarms:` list of a site file (Sources/Alarms/README.md has the keys).
  ///
  /// A rule with several of `highHigh`, `high`, `low` and `lowLow` becomes one rule for each, with
  /// the level after the name: `boiler hot highHigh`.
  /// - Parameter model: reads the file of a learned model, by the path as it is written.
  public static func list(
    _ value: YAMLValue?, model: @escaping (String) throws -> PrincipalModel
  ) throws(YAMLError) -> [AlarmRule] {
    var rules: [AlarmRule] = []
    guard let value else { return [] }
    for (index, item) in try value.list("a list of rules").enumerated() {
      let name = (try? item.pairs())?.first { $0.key == "name" }?.value.text
      let place = "\(value.place), \(name ?? "rule \(index + 1)")"
      for rule in try RuleReader(item.named(place), model: model).rules() {
        if rules.contains(where: { $0.name == rule.name }) {
          throw .wrongValue(
            place: place, found: "a second rule of this name", expected: "another name")
        }
        rules.append(rule)
      }
    }
    return rules
  }

  /// Reads one rule.
  private struct RuleReader {
    let mapping: StrictMapping
    let model: (String) throws -> PrincipalModel

    init(
      _ value: YAMLValue, model: @escaping (String) throws -> PrincipalModel
    ) throws(YAMLError) {
      mapping = try value.mapping(keys: ["name", "signal"] + levels + others + behaviour)
      self.model = model
    }

    func rules() throws(YAMLError) -> [AlarmRule] {
      let kinds = others.filter { mapping[$0] != nil }
      let limits = try self.limits()
      guard kinds.count + (limits.isEmpty ? 0 : 1) == 1 else {
        throw .wrongValue(
          place: mapping.place,
          found: kinds.isEmpty ? "no condition" : "several conditions",
          expected: "limits (\(levels.joined(separator: ", "))) or one of "
            + others.joined(separator: ", "))
      }
      let name = try mapping.required("name", mapping.string("name"))
      if let value = mapping["name"],
        name.allSatisfy(\.isWhitespace) || name.contains(where: \.isNewline)
      {
        throw value.wrong("a name on one line")
      }
      if let kind = kinds.first, let value = mapping[kind] {
        return [try rule(name, Condition(kind, value, model: model), kind)]
      }
      var rules: [AlarmRule] = []
      for (level, limit) in limits {
        let isUpper = level.hasPrefix("high")
        rules.append(
          try rule(
            limits.count == 1 ? name : "\(name) \(level)", isUpper ? .above(limit) : .below(limit),
            level))
      }
      return rules
    }

    /// The levels given, from the highest down, which must be their order.
    private func limits() throws(YAMLError) -> [(level: String, limit: Double)] {
      var limits: [(level: String, limit: Double)] = []
      for level in levels {
        guard let limit = try mapping.number(level) else { continue }
        if let last = limits.last, last.limit <= limit {
          throw .wrongValue(
            place: "\(mapping.place), \(level)", found: "\(limit)",
            expected: "less than \(last.level), \(last.limit)")
        }
        limits.append((level, limit))
      }
      return limits
    }

    private func rule(
      _ name: String, _ condition: Condition, _ kind: String
    ) throws(YAMLError) -> AlarmRule {
      var rule = AlarmRule(name: name, signals: try signals(condition), condition: condition)
      rule.priority = try mapping.choice("priority") ?? .medium
      rule.deadband = try mapping.number("deadband") ?? 0
      rule.onDelay = try mapping.duration("onDelay") ?? .zero
      rule.offDelay = try mapping.duration("offDelay") ?? .zero
      rule.latches = try mapping.boolean("latch") ?? false
      rule.reAlarmAfter = try mapping.duration("reAlarm")
      if let longest = try mapping.duration("longestShelving") { rule.longestShelving = longest }
      rule.suppressions = try suppressions()
      if let value = mapping["deadband"], rule.deadband < 0 { throw value.wrong("zero or more") }
      if let value = mapping["reAlarm"], rule.reAlarmAfter == .zero {
        throw value.wrong("a time above zero")
      }
      let unfit =
        kind == "stale"
        ? ["onDelay", "offDelay", "deadband"]
        : levels.contains(kind) || ["exceedance", "rate", "deviation"].contains(kind)
          ? [] : ["deadband"]
      for key in unfit {
        if let value = mapping[key] { throw value.wrong("no \(key) in a rule of \(kind)") }
      }
      return rule
    }

    /// A model names its signals itself; its alarm needs none.
    private func signals(_ condition: Condition) throws(YAMLError) -> SignalPattern {
      if case .unusual(let model) = condition {
        if let value = mapping["signal"] { throw value.wrong("no signal beside model") }
        return try pattern(model.name, at: mapping.place)
      }
      return try pattern(mapping, "signal")
    }

    private func suppressions() throws(YAMLError) -> [SignalCondition] {
      guard let value = mapping["suppress"] else { return [] }
      var list: [SignalCondition] = []
      for item in value.items ?? [value] {
        let mapping = try item.mapping(keys: ["signal", "equals", "above", "below"])
        let signal = try pattern(mapping, "signal")
        let words = try mapping.strings("equals")
        let above = try mapping.number("above")
        let below = try mapping.number("below")
        switch (words, above, below) {
        case (let words?, nil, nil): list.append(SignalCondition(signal, .equals(words)))
        case (nil, let limit?, nil): list.append(SignalCondition(signal, .above(limit)))
        case (nil, nil, let limit?): list.append(SignalCondition(signal, .below(limit)))
        default: throw item.wrong("signal and one of equals, above, below")
        }
      }
      return list
    }
  }
}
