/// Random numbers that repeat for a seed on every machine: SplitMix64 (Steele, Lea, Flood 2014).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The stream of numbers that belongs to `seed`.
  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Uniform in `low..<high`, 24 bits of it.
  public mutating func uniform(_ low: Float, _ high: Float) -> Float {
    low + (high - low) * Float(next() >> 40) * 0x1p-24
  }

  /// Uniform in `0..<bound`, `bound ≥ 1`.
  public mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  /// A Fisher–Yates shuffle of `0..<count`.
  public mutating func permutation(_ count: Int) -> [Int] {
    (0..<count).map { $0 }.shuffled(using: &self)
  }
}
