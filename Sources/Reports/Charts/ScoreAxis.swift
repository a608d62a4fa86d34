import FactoryModel
import Foundation

/// Scores along the width of a chart, 0…1.
///
/// Scores of some methods are spread evenly, of others a few lie a hundred times farther out than the
/// rest. When they do, the axis is bent (inverse hyperbolic sine around the median): straight where
/// most scores are, logarithmic far out.
struct ScoreAxis {
  private let low: Double
  private let high: Double
  /// Middle and half width of the straight part; nil for a straight axis.
  private let bend: (middle: Double, width: Double)?

  /// An axis that shows all of `scores` and `marks`.
  init(_ scores: [Double], marks: [Double]) {
    let sorted = scores.sorted()
    let all = scores + marks.filter(\.isFinite)
    low = all.min() ?? 0
    high = max(all.max() ?? 1, low + 1e-9)
    guard !sorted.isEmpty else {
      bend = nil
      return
    }
    func share(_ share: Double) -> Double { sorted[Int(share * Double(sorted.count - 1))] }
    // The narrower side counts: scores that cannot fall below some level lie close above it.
    let sides = [share(0.5) - share(0.1), share(0.9) - share(0.5)].filter { $0 > 0 }
    let width = sides.min() ?? 0
    bend = width > 0 && high - low > 30 * width ? (share(0.5), width) : nil
  }

  private func bent(_ score: Double) -> Double {
    guard let bend else { return score }
    return asinh((score - bend.middle) / bend.width)
  }

  /// Where `score` lies, 0…1; a little room at both ends.
  func place(_ score: Double) -> Double {
    let (first, last) = (bent(low), bent(high))
    return 0.01 + 0.98 * (bent(min(max(score, low), high)) - first) / max(last - first, 1e-12)
  }

  /// Round numbers that fit side by side.
  var ticks: [Double] {
    var found: [Double] = []
    var power = 1e-4
    while power < 1e9 {
      for factor in [1.0, 2, 5] { found += [factor * power, -factor * power] }
      power *= 10
    }
    let order = ([0] + found.sorted { magnitude($0) > magnitude($1) })
      .filter { $0 >= low && $0 <= high }
    var taken: [Double] = []
    // The roundest first; a bent axis has room for few of the small ones.
    let nice = bend == nil ? linearTicks : order
    for tick in nice where taken.allSatisfy({ abs(place($0) - place(tick)) > 0.09 }) {
      taken.append(tick)
    }
    return taken.sorted()
  }

  /// Powers of ten before twos and fives of the same size, the large before the small.
  private func magnitude(_ value: Double) -> Double {
    let power = log10(abs(value))
    return power == power.rounded() ? power + 1 : power
  }

  private var linearTicks: [Double] {
    let raw = (high - low) / 8
    let power = pow(10, log10(raw).rounded(.down))
    let step = [1.0, 2, 5, 10].map { $0 * power }.first { $0 >= raw } ?? raw
    let first = Int((low / step).rounded(.up))
    return (first...max(first, Int((high / step).rounded(.down)))).map { Double($0) * step }
  }

  /// The ticks as SVG text and short lines with their upper end at `y`, on a chart from `left` on,
  /// `width` wide.
  func svg(left: Double, width: Double, y: Double) -> String {
    ticks.map { tick in
      let x = (left + place(tick) * width).fixed(digits: 1)
      return "<line class=\"axis\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(y.fixed(digits: 1))\" "
        + "y2=\"\((y + 5).fixed(digits: 1))\"/>"
        + "<text x=\"\(x)\" y=\"\((y + 18).fixed(digits: 1))\" text-anchor=\"middle\">"
        + "\(Format.short(tick))</text>"
    }.joined()
  }
}
