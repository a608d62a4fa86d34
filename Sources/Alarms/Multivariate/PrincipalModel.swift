import FactoryModel

/// How several signals run together when all is well: principal components of standardised rows.
///
/// A row x of one value per signal, z = (x − mean) / deviation, is judged by two distances:
///
///     T² = Σᵢ tᵢ² / λᵢ  with  t = Pᵀ·z   (Hotelling: unusual within the known ways of moving)
///     Q  = ‖z − P·t‖²                    (squared prediction error: moving in an unknown way)
///
/// Source: J. E. Jackson, G. S. Mudholkar, Technometrics 21(3), 1979. The limits are not the ones
/// from theory but quantiles of normal rows, times a margin (`PrincipalLearning`).
public struct PrincipalModel: Hashable, Sendable {
  /// What the alarm's signal is called on the record.
  public var name: String
  /// The signals of a row, in order.
  public var signals: [SignalName]
  /// Mean and standard deviation of each signal in normal running; deviations are above zero.
  public var means: [Double]
  public var deviations: [Double]
  /// The components P, one row of `signals.count` numbers each, orthonormal.
  public var components: [[Double]]
  /// The variances λ along the components, above zero.
  public var variances: [Double]
  /// T² and Q above which a row is unusual, above zero.
  public var tSquaredLimit: Double
  public var qLimit: Double

  /// A model from its parts, which must fit together.
  public init(
    name: String, signals: [SignalName], means: [Double], deviations: [Double],
    components: [[Double]], variances: [Double], tSquaredLimit: Double, qLimit: Double
  ) {
    precondition(means.count == signals.count && deviations.count == signals.count)
    precondition(components.count == variances.count)
    precondition(components.allSatisfy { $0.count == signals.count })
    self.name = name
    self.signals = signals
    self.means = means
    self.deviations = deviations
    self.components = components
    self.variances = variances
    self.tSquaredLimit = tSquaredLimit
    self.qLimit = qLimit
  }

  /// T², Q and what every signal contributes to Q, for a row of one value per signal.
  public func distances(of row: [Double]) -> (tSquared: Double, q: Double, shares: [Double]) {
    precondition(row.count == signals.count, "row of \(row.count) for \(signals.count) signals")
    var rest = row.indices.map { (row[$0] - means[$0]) / deviations[$0] }
    let standardised = rest
    var tSquared = 0.0
    for (component, variance) in zip(components, variances) {
      var score = 0.0
      for (weight, value) in zip(component, standardised) { score += weight * value }
      tSquared += score * score / variance
      for place in rest.indices { rest[place] -= score * component[place] }
    }
    let shares = rest.map { $0 * $0 }
    return (tSquared, shares.reduce(0, +), shares)
  }
}

/// Gathers rows for a model: a row is complete when every signal has had a usable sample since the
/// row before. The alarm's value is the larger of T² and Q, each divided by its limit.
struct UnusualDetector {
  let model: PrincipalModel
  private var row: [Double]
  private var isFresh: [Bool]
  private var missing: Int

  init(_ model: PrincipalModel) {
    self.model = model
    row = [Double](repeating: 0, count: model.signals.count)
    isFresh = [Bool](repeating: false, count: model.signals.count)
    missing = model.signals.count
  }

  /// Takes one column of the row; judges the row that it completes.
  mutating func judge(_ value: Double, column: Int) -> Judgement? {
    row[column] = value
    if !isFresh[column] {
      isFresh[column] = true
      missing -= 1
    }
    guard missing == 0 else { return nil }
    for place in isFresh.indices { isFresh[place] = false }
    missing = isFresh.count
    let (tSquared, q, shares) = model.distances(of: row)
    let ratio = max(tSquared / model.tSquaredLimit, q / model.qLimit)
    let largest = shares.indices.max { shares[$0] < shares[$1] }
    let comment = largest.map { "most unusual: \(model.signals[$0])" }
    return Judgement(holds: ratio > 1, value: ratio, limit: 1, comment: comment)
  }
}
