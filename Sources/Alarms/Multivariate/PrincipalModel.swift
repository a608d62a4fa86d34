import FactoryModel

/// How several signals run together when all is well: principal components of standardised rows.
///
/// Rows are smoothed first, s ← s + λ·(x − s) from row to row, for what drowns in the noise of one
/// row shows in the mean of many. A smoothed row, z = (s − mean) / deviation, is judged by two
/// distances:
///
///     T² = Σᵢ tᵢ² / λᵢ  with  t = Pᵀ·z   (Hotelling: unusual within the known ways of moving)
///     Q  = ‖z − P·t‖²                    (squared prediction error: moving in an unknown way)
///
/// Source: J. E. Jackson, G. S. Mudholkar, Technometrics 21(3), 1979; smoothing as in C. A. Lowry
/// et al., Technometrics 34(1), 1992. The limits are not the ones from theory but quantiles of
/// normal rows, times a margin (`PrincipalLearning`).
public struct PrincipalModel: Hashable, Sendable {
  /// What the alarm's signal is called on the record.
  public var name: String
  /// The signals of a row, in order.
  public var signals: [SignalName]
  /// The weight λ of the newest row, above 0 and at most 1, which means no smoothing.
  public var smoothing: Double
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
    name: String, signals: [SignalName], smoothing: Double = 1, means: [Double],
    deviations: [Double], components: [[Double]], variances: [Double], tSquaredLimit: Double,
    qLimit: Double
  ) {
    precondition(smoothing > 0 && smoothing <= 1, "smoothing \(smoothing)")
    precondition(means.count == signals.count && deviations.count == signals.count)
    precondition(components.count == variances.count)
    precondition(components.allSatisfy { $0.count == signals.count })
    self.name = name
    self.signals = signals
    self.smoothing = smoothing
    self.means = means
    self.deviations = deviations
    self.components = components
    self.variances = variances
    self.tSquaredLimit = tSquaredLimit
    self.qLimit = qLimit
  }

  /// T², Q and what every signal contributes to Q, for a smoothed row.
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

extension PrincipalModel {
  /// The larger of T² and Q, each divided by its limit, for rows in order of time: above 1 a row is
  /// unusual. Nil until the smoothing has begun to hold.
  /// - Parameter names: what the columns of the rows are; more than the model's signals may be there.
  public func ratios(of rows: [[Double]], signals names: [SignalName]) -> [Double?] {
    let places = signals.map { signal in
      guard let place = names.firstIndex(of: signal) else {
        preconditionFailure("\(signal) is not among the rows' \(names.count) signals")
      }
      return place
    }
    var smoother = RowSmoother(weight: smoothing)
    return rows.map { row in
      guard smoother.take(bounded(places.map { row[$0] })) else { return nil }
      let (tSquared, q, _) = distances(of: smoother.row)
      return max(tSquared / tSquaredLimit, q / qLimit)
    }
  }
}

/// Smooths rows one after the other.
struct RowSmoother {
  let weight: Double
  private(set) var row: [Double] = []
  private var count = 0

  init(weight: Double) {
    self.weight = weight
  }

  /// Takes the next row; whether `row` is smooth by now. Until 1 / weight rows have come it is their
  /// plain mean, noisier than those after it, and not to be judged.
  mutating func take(_ next: [Double]) -> Bool {
    if row.isEmpty { row = next }
    count += 1
    let share = max(weight, 1 / Double(count))
    for place in row.indices { row[place] += share * (next[place] - row[place]) }
    return 1 / Double(count) <= weight
  }

  func save(to memory: inout MemoryWriter) {
    memory.put(row)
    memory.put(count)
  }

  mutating func load(from memory: inout MemoryReader) throws(MemoryFault) {
    row = try memory.doubles()
    count = Int(try memory.int64())
  }
}

extension PrincipalModel {
  /// How many deviations a value may be from its mean before it is cut off, so that one wild reading
  /// is not smoothed into hundreds of rows.
  private static let reach = 1_000.0

  fileprivate func bounded(_ row: [Double]) -> [Double] {
    row.indices.map { place in
      let most = Self.reach * deviations[place]
      return max(means[place] - most, min(means[place] + most, row[place]))
    }
  }
}

/// Judges the rows of a model. The alarm's value is the larger of T² and Q, each divided by its
/// limit.
struct UnusualDetector {
  let model: PrincipalModel
  private var gatherer: RowGatherer
  private var smoother: RowSmoother

  init(_ model: PrincipalModel) {
    self.model = model
    gatherer = RowGatherer(columns: model.signals.count)
    smoother = RowSmoother(weight: model.smoothing)
  }

  /// Takes one column of the row; judges the row that it completes.
  mutating func judge(_ value: Double, column: Int) -> Judgement? {
    guard gatherer.take(value, column: column), smoother.take(model.bounded(gatherer.row)) else {
      return nil
    }
    let (tSquared, q, shares) = model.distances(of: smoother.row)
    let ratio = max(tSquared / model.tSquaredLimit, q / model.qLimit)
    let largest = shares.indices.max { shares[$0] < shares[$1] }
    let comment = largest.map { "most unusual: \(model.signals[$0])" }
    return Judgement(holds: ratio > 1, value: ratio, limit: 1, comment: comment)
  }

  func save(to memory: inout MemoryWriter) {
    gatherer.save(to: &memory)
    smoother.save(to: &memory)
  }

  mutating func load(from memory: inout MemoryReader) throws(MemoryFault) {
    try gatherer.load(from: &memory)
    try smoother.load(from: &memory)
    guard smoother.row.isEmpty || smoother.row.count == model.signals.count else {
      throw MemoryFault()
    }
  }
}
