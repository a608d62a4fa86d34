import FactoryModel

/// Refuses samples that are dated far ahead, since one of them would make every later sample of its
/// signal look late.
///
/// Ahead is what lies more than `allowance` beyond both the time of receipt and the newest sample
/// taken. A clock that really is ahead is believed after a while: once samples of `proofs` different
/// times, each after the one before and near it, were refused, the next ones are taken. So a
/// machine whose own clock has lost its battery goes on recording, and a stray date costs itself
/// alone. A recording is not guarded: its time is its own, and gaps in it are no fault.
struct FutureGuard {
  /// Times that must agree before a jump ahead is believed; the last of them is taken.
  static let proofs = 3

  private var suspect: (time: Int64, proofs: Int)?

  /// Takes out of a batch what is dated too far ahead.
  /// - Parameters:
  ///   - newest: of all samples taken so far.
  ///   - allowance: how far ahead a sample may be.
  /// - Returns: how many were refused.
  mutating func filter(
    _ batch: inout SampleBatch, receivedAt: Timestamp, newest: Timestamp?, allowance: Duration
  ) -> Int {
    let allowed = allowance.inNanoseconds
    var bound = Self.sum(max(receivedAt, newest ?? receivedAt).nanoseconds, allowed)
    guard let latest = batch.times.max(), latest > bound else { return 0 }
    var kept = SampleBatch()
    for place in 0..<batch.count {
      let time = batch.times[place]
      if time > bound {
        guard isProven(time, allowed) else { continue }
        bound = Self.sum(time, allowed)
      }
      kept.append(batch.signals[place], batch[place].sample)
    }
    defer { batch = kept }
    return batch.count - kept.count
  }

  /// Whether refused times before this one bear it out.
  private mutating func isProven(_ time: Int64, _ allowance: Int64) -> Bool {
    guard let last = suspect, time >= last.time, time <= Self.sum(last.time, allowance) else {
      suspect = (time, 1)
      return false
    }
    // Values of one packet share its time and prove nothing to each other.
    let proofs = last.proofs + (time > last.time ? 1 : 0)
    suspect = proofs < Self.proofs ? (time, proofs) : nil
    return suspect == nil
  }

  private static func sum(_ time: Int64, _ allowance: Int64) -> Int64 {
    let (sum, isOver) = time.addingReportingOverflow(allowance)
    return isOver ? .max : sum
  }
}
