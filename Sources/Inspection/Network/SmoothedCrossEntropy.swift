/// The cross-entropy of a softmax towards labels that are not taken for quite certain.
enum SmoothedCrossEntropy {
  /// The share of the target that is spread over all classes, so that a wrong label cannot pull
  /// without bound.
  private static let smoothing: Float = 0.02

  /// The loss of `outputs` where class `kind` is right, times `weight`; its slopes go into `slopes`.
  static func loss(
    _ outputs: [Float], _ kind: Int, weight: Float, slopes: inout [Float]
  ) -> Float {
    let shares = Softmax.shares(outputs.map(Double.init))
    let spread = smoothing / Float(outputs.count)
    var loss: Float = 0
    for k in outputs.indices {
      let wanted = (k == kind ? 1 - smoothing : 0) + spread
      slopes[k] = weight * (Float(shares[k]) - wanted)
      loss -= weight * wanted * Float(MathFunctions.log(max(shares[k], 1e-30)))
    }
    return loss
  }
}
