/// Random numbers that repeat for a seed: SplitMix64.
public struct RandomSeries {
  private var state: UInt64

  /// The series of a seed.
  public init(seed: UInt64) { state = seed }

  /// From 0 to below a bound.
  public mutating func below(_ bound: Int) -> Int {
    Int(next() % UInt64(bound))
  }

  /// From 0 to 1.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
