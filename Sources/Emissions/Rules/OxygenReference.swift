/// The oxygen content to which a concentration is converted, so that dilution with air hides nothing.
///
///     C_ref = C · (21 − O₂ref) / (21 − O₂)
///
/// with O₂ in per cent of dry gas. The older form with excess air, C · α / α_s with α = 21 / (21 − O₂),
/// is the same with O₂ref = 21 − 21 / α_s. Source: GB 13271, GB 13223; PROTOCOLS 2.
public struct OxygenReference: Hashable, Sendable {
  /// Per cent, below 21.
  public let percent: Double

  /// A reference oxygen content in per cent, 0 ..< 21; nil for anything else.
  public init?(percent: Double) {
    guard (0..<21).contains(percent) else { return nil }
    self.percent = percent
  }

  /// The reference that a standard gives as excess air α_s, 1 or more; nil for anything else.
  public init?(excessAir: Double) {
    guard excessAir >= 1, excessAir.isFinite else { return nil }
    self.init(percent: 21 - 21 / excessAir)
  }

  /// A concentration at the reference; nil for 21 % of oxygen or more, where the gas is air.
  public func converted(_ concentration: Double, oxygenPercent: Double) -> Double? {
    guard oxygenPercent < 21 else { return nil }
    return concentration * (21 - percent) / (21 - oxygenPercent)
  }
}
