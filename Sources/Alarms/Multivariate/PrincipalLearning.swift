import FactoryModel

/// Learns a `PrincipalModel` from a stretch of normal running.
///
/// The settings' defaults were chosen by cross-validation between files (README), each with room on
/// both sides. Rows lie close to each other in time and a plant drifts, so that a stretch shows less
/// than the plant's whole range: that is what the margin is for.
public struct PrincipalLearning: Hashable, Sendable {
  /// The weight λ of the newest row, above 0 and at most 1; smaller finds less, later.
  public var smoothing = 0.1
  /// The share of the variance that the components explain at least, above 0 and below 1.
  public var explained = 0.5
  /// The share of normal rows that lie below the limits before the margin, above 0 and at most 1.
  public var quantile = 0.99
  /// By how much the limits of T² and Q are raised, above 0.
  public var margin = 6.0

  /// The defaults.
  public init() {}

  /// Learns from rows in order of time, one value per signal each.
  ///
  /// Signals that stood still are left out, as nothing says how far they may move; the model names
  /// those that it has.
  /// - Parameter name: what the model's alarm watches, on the record.
  public func model(
    name: String, signals: [SignalName], rows: [[Double]]
  ) throws(PrincipalLearningError) -> PrincipalModel {
    var smoother = RowSmoother(weight: smoothing)
    var smooth: [[Double]] = []
    for row in rows {
      precondition(row.count == signals.count, "row of \(row.count), \(signals.count) signals")
      if smoother.take(row) { smooth.append(smoother.row) }
    }
    let needed = 10 * signals.count
    guard smooth.count >= needed else {
      throw .tooFewRows(found: rows.count, needed: needed + rows.count - smooth.count)
    }
    let all = Spread(of: smooth)
    let moving = signals.indices.filter { all.deviations[$0] > 1e-9 * abs(all.means[$0]) }
    guard moving.count > 1 else { throw .tooFewSignals(moving: moving.count) }
    let spread = Spread(of: smooth.map { row in moving.map { row[$0] } })
    let (values, vectors) = symmetricEigen(spread.correlations)
    var count = 1
    while count < moving.count - 1,
      values[..<count].reduce(0, +) < explained * Double(moving.count)
    {
      count += 1
    }
    var model = PrincipalModel(
      name: name, signals: moving.map { signals[$0] }, smoothing: smoothing,
      means: spread.means, deviations: spread.deviations, components: Array(vectors[..<count]),
      variances: Array(values[..<count]), tSquaredLimit: 1, qLimit: 1)
    let distances = spread.rows.map(model.distances)
    model.tSquaredLimit = limit(distances.map(\.tSquared))
    model.qLimit = limit(distances.map(\.q))
    return model
  }

  /// The quantile times the margin; above zero also where signals follow each other exactly.
  private func limit(_ distances: [Double]) -> Double {
    let place = (quantile * Double(distances.count)).rounded(.up) - 1
    let sorted = distances.sorted()
    return max(1e-6, sorted[max(0, min(sorted.count - 1, Int(place)))] * margin)
  }
}

/// Why nothing can be learned.
public enum PrincipalLearningError: Error, Hashable, Sendable, CustomStringConvertible {
  case tooFewRows(found: Int, needed: Int)
  case tooFewSignals(moving: Int)

  public var description: String {
    switch self {
    case .tooFewRows(let found, let needed):
      "found \(found) complete rows, expected \(needed) or more; give a longer stretch"
    case .tooFewSignals(let moving):
      "found \(moving) signals that move, expected two or more; add signals, or use a limit"
    }
  }
}

/// Means, standard deviations and correlations of rows.
private struct Spread {
  let rows: [[Double]]
  var means: [Double]
  var deviations: [Double]

  init(of rows: [[Double]]) {
    self.rows = rows
    let columns = rows.first?.indices ?? 0..<0
    let count = Double(rows.count)
    means = columns.map { column in rows.reduce(0) { $0 + $1[column] } / count }
    deviations = []
    for column in columns {
      let squares = rows.reduce(0) { sum, row in
        sum + (row[column] - means[column]) * (row[column] - means[column])
      }
      deviations.append((squares / (count - 1)).squareRoot())
    }
  }

  /// One row per column, ones on the diagonal.
  var correlations: [[Double]] {
    means.indices.map { i in
      means.indices.map { j in
        let sum = rows.reduce(0.0) { sum, row in
          sum + (row[i] - means[i]) / deviations[i] * ((row[j] - means[j]) / deviations[j])
        }
        return sum / Double(rows.count - 1)
      }
    }
  }
}
