import FactoryModel

extension AlarmKPIs {
  /// A measure beside what it should be.
  public struct Target: Hashable, Sendable {
    /// What is measured, in words.
    public var name: String
    public var value: Double
    /// The most that is good.
    public var atMost: Double
    /// Whether value and bound are shares from 0 to 1.
    public var isShare: Bool

    public var isMet: Bool { value <= atMost }
  }

  /// Whether the stretch is long enough for the targets, which are meant for 30 days or more.
  public var isLongEnough: Bool { to - from >= .seconds(30 * 86_400) }

  /// The measures beside their targets, the most important first.
  ///
  /// About 80, 15 and 5 % of low, medium and high priority are wanted; a plant with calmer alarms is
  /// no worse, so only too many high and critical ones (over 5 %) and too many above low (over 20 %)
  /// miss the target.
  public var targets: [Target] {
    func share(above priority: AlarmPriority) -> Double {
      let known = newAlarmsByPriority.values.reduce(0, +)
      let count = newAlarmsByPriority.reduce(0) { $0 + ($1.key > priority ? $1.value : 0) }
      return known == 0 ? 0 : Double(count) / Double(known)
    }
    func target(_ name: String, _ value: Double, _ atMost: Double, isShare: Bool) -> Target {
      Target(name: name, value: value, atMost: atMost, isShare: isShare)
    }
    return [
      target("new alarms per ten minutes and operator", newAlarmsPerTenMinutes, 1, isShare: false),
      target("ten-minute periods with more than ten", crowdedShare, 0.01, isShare: true),
      target("time in floods", floodShare, 0.01, isShare: true),
      target("the ten most frequent", topTenShare, 0.05, isShare: true),
      target("chattering alarms", Double(chattering.count), 0, isShare: false),
      target("active for over 24 hours", Double(stale.count), 4, isShare: false),
      target("high and critical", share(above: .medium), 0.05, isShare: true),
      target("above low", share(above: .low), 0.2, isShare: true),
    ]
  }
}
