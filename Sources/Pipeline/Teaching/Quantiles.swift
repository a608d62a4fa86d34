/// Quantiles of scores.
enum Quantiles {
  /// 0 %, 5 %, … 100 % of `values`, linear between neighbours; empty for no values.
  static func twentyOne(_ values: [Double]) -> [Double] {
    guard !values.isEmpty else { return [] }
    let sorted = values.sorted()
    return (0...20).map { step in
      let place = Double(step) / 20 * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }
  }

  /// The threshold that a new good part reaches with at most the rate given: the k-th smallest of n
  /// scores, k = ⌈(n + 1)(1 − rate)⌉, moved up by the smallest step since a score at the threshold
  /// rejects (split conformal prediction; Vovk et al. 2005). With too few parts for the rate (k > n)
  /// it lies above the largest by the distance from the median to the largest, a tenth of it.
  static func threshold(ofGood scores: [Double], falseRejectRate: Double) -> Double {
    let sorted = scores.sorted()
    guard let largest = sorted.last else { return 0 }
    let k = Int((Double(sorted.count + 1) * (1 - falseRejectRate)).rounded(.up))
    if k <= sorted.count { return sorted[max(k, 1) - 1].nextUp }
    return largest + max(0.1 * (largest - sorted[sorted.count / 2]), 1e-6)
  }
}
