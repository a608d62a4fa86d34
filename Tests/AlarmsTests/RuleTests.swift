import Alarms
import FactoryModel
import StrictYAML
import Testing

@Suite("rules from YAML")
struct RuleTests {
  private struct NoModel: Error {}

  private func rules(_ yaml: String) throws -> [AlarmRule] {
    let site = try YAMLValue.document(yaml, file: "site.yaml")?.mapping(keys: ["alarms"])
    return try AlarmRule.list(site?["alarms"]) { _ in throw NoModel() }
  }

  private func one(_ keys: String) throws -> AlarmRule {
    try #require(try rules("alarms:\n  - {name: a, signal: m.f, \(keys)}\n").first)
  }

  @Test("the smallest rule")
  func smallest() throws {
    let rules = try rules(
      """
      alarms:
        - name: machine hot
          signal: machine.temp{id=m7}
          high: 90
          deadband: 2
      """)
    var expected = AlarmRule(
      name: "machine hot", signals: try SignalPattern("machine.temp{id=m7}"),
      condition: .above(90))
    expected.deadband = 2
    #expect(rules == [expected])
  }

  @Test("a rule with everything")
  func everything() throws {
    let rule = try one(
      """
      low: 1, priority: critical, onDelay: 5s, offDelay: 1m, latch: true, reAlarm: 30m, \
      longestShelving: 1h, suppress: [{signal: "m.state{*}", equals: stopped}]
      """)
    #expect(rule.condition == .below(1))
    #expect(rule.priority == .critical)
    #expect(rule.onDelay == .seconds(5) && rule.offDelay == .seconds(60))
    #expect(rule.latches && rule.reAlarmAfter == .seconds(1_800))
    #expect(rule.longestShelving == .seconds(3_600))
    #expect(
      rule.suppressions == [
        SignalCondition(try SignalPattern("m.state{*}"), .equals(["stopped"]))
      ])
  }

  @Test("no rules are no rules", arguments: ["", "alarms:", "alarms: []"])
  func none(_ yaml: String) throws {
    #expect(try rules(yaml).isEmpty)
  }

  @Test("an unknown key names its rule, its line and the nearest key")
  func unknownKey() {
    #expect {
      try rules("alarms:\n  - name: hot\n    signal: m.f\n    hihg: 9\n")
    } throws: {
      "\($0)" == "site.yaml, alarms, hot, line 4: unknown key hihg; did you mean high?"
    }
  }

  @Test(
    "what makes no sense is refused",
    arguments: [
      "deadband: 2", "high: hot", "high: 5, low: 9", "high: 5, stale: 5s", "high: 5, deadband: -1",
      "high: 5, onDelay: 5", "high: 5, priority: urgent", "stale: 0s", "stale: 5s, onDelay: 1s",
      "rate: {per: 1s}", "rate: {rise: -1}", "deviation: {above: 1}", "deviation: {from: m.g}",
      "equals: []", "ewma: {mean: 1}", "ewma: {learn: 1}", "ewma: {mean: 1, sigma: 1, learn: 5}",
      "ewma: {mean: 1, sigma: 1, weight: 2}", "cusum: {mean: 1, sigma: 0}",
      "nelson: {mean: 1, sigma: 1, rules: [nelson-9]}", "high: .nan", "high: 5, reAlarm: 0s",
      "high: 5, suppress: {signal: m.g}", "high: 5, suppress: {signal: m.g, above: 1, below: 2}",
      "equals: on, deadband: 3", "model: rig.model",
    ])
  func refused(_ keys: String) {
    #expect(throws: YAMLError.self) { try one(keys) }
  }

  @Test("names and signals are checked")
  func namesAndSignals() {
    let twice = "alarms: [{name: a, signal: m.f, high: 1}, {name: a, signal: m.g, high: 1}]"
    for yaml in [
      twice, "alarms: [{signal: m.f, high: 1}]", "alarms: [{name: a, high: 1}]",
      "alarms: [{name: ' ', signal: m.f, high: 1}]",
      "alarms: [{name: \"a\\nb\", signal: m.f, high: 1}]",
      "alarms: [{name: a, signal: '{id=1}', high: 1}]", "alarms: 3", "alarms: [3]",
    ] {
      #expect(throws: YAMLError.self, "\(yaml)") { try rules(yaml) }
    }
  }
}
