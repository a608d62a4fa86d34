/// What a signal's chart measures against: its mean and standard deviation in normal running.
public enum Baseline: Hashable, Sendable {
  /// Both are known, in the signal's unit; `sigma` is above zero.
  case known(mean: Double, sigma: Double)
  /// Both are taken from this many first samples, 2 or more, which are not judged.
  case learned(samples: Int)
}

/// A baseline while it is being learned: Welford's running mean and variance (1962).
struct RunningBaseline {
  private let baseline: Baseline
  private var count = 0
  private var mean = 0.0
  private var squares = 0.0

  init(_ baseline: Baseline) {
    self.baseline = baseline
  }

  /// Mean and standard deviation to judge `value` by; nil while learning takes the value in.
  mutating func reference(for value: Double) -> (mean: Double, sigma: Double)? {
    switch baseline {
    case .known(let mean, let sigma): return (mean, sigma)
    case .learned(let samples):
      if count < samples {
        let delta = value - mean
        // A value so wild that its square is no number would spoil the spread for ever.
        guard (delta * delta).isFinite else { return nil }
        count += 1
        mean += delta / Double(count)
        squares += delta * (value - mean)
        return nil
      }
      // A signal that stood still while it was learned has no spread to judge by: any change counts.
      return (mean, max((squares / Double(count - 1)).squareRoot(), .leastNormalMagnitude))
    }
  }

  func save(to memory: inout MemoryWriter) {
    memory.put(count)
    memory.put(mean)
    memory.put(squares)
  }

  mutating func load(from memory: inout MemoryReader) throws(MemoryFault) {
    count = Int(try memory.int64())
    mean = try memory.double()
    squares = try memory.double()
  }
}
