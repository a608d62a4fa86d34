/// A layer's weights as whole numbers for `wholePatchProduct`
/// (Documentation/Decisions/0006-whole-numbers.md).
///
/// What a layer reads is counted in units, −`largest` to `largest` of them. The weights of a column are
/// counts of a unit of their own, small enough that no sum of products leaves 32 bits.
struct WholeWeights: Sendable {
  /// The largest count of what a layer reads.
  static let largest: Float = 16_383
  /// The sum of the magnitudes of a column's counts, at most.
  private static let largestSum: Float = 130_000

  /// In panels of 16 columns, two values of a patch side by side.
  let counts: [Int16]
  /// What a product of counts stands for, by column.
  let units: [Float]
  /// Values of a run, filled up to an even number.
  let runLength: Int

  /// `weight(k, c)`, for patches of `runs` runs of `values` values, of value k (run by run) and column c,
  /// times the unit in which value k is counted. `columns` is a multiple of 16.
  init(runs: Int, values: Int, columns: Int, _ weight: (Int, Int) -> Float) {
    runLength = (values + 1) / 2 * 2
    let inner = runs * runLength
    var panels = [Int16](repeating: 0, count: inner * columns)
    var units = [Float](repeating: 0, count: columns)
    for c in 0..<columns {
      let column = (0..<runs * values).map { weight($0, c) }
      let sum = column.reduce(0) { $0 + abs($1) }
      let most = column.reduce(0) { max($0, abs($1)) }
      units[c] = max(sum / Self.largestSum, most / 32_767, .leastNormalMagnitude)
      for (index, value) in column.enumerated() {
        let k = index / values * runLength + index % values
        panels[((c / 16 * inner + k) / 2 * 16 + c % 16) * 2 + k % 2] =
          Int16((value / units[c]).rounded())
      }
    }
    (counts, self.units) = (panels, units)
  }
}
