/// Shares that add up to 1.
enum Softmax {
  /// exp(xᵢ)/Σ exp(xⱼ), safe for large x.
  static func shares(_ values: [Double]) -> [Double] {
    let most = values.max() ?? 0
    let raised = values.map { MathFunctions.exp($0 - most) }
    let sum = raised.reduce(0, +)
    return raised.map { $0 / sum }
  }

  /// log(Σ exp(xⱼ), j ≠ i) − xᵢ: how much speaks against class i.
  static func logOdds(against kind: Int, _ values: [Float]) -> Double {
    let others = values.indices.filter { $0 != kind }.map { Double(values[$0]) }
    let most = others.max() ?? 0
    let sum = others.reduce(0) { $0 + MathFunctions.exp($1 - most) }
    return most + MathFunctions.log(sum) - Double(values[kind])
  }
}
