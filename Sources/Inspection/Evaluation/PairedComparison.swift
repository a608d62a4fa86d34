import FactoryModel

/// Two recipes judged on the same labelled images: where one is right and the other is not.
public struct PairedComparison: Hashable, Sendable {
  /// An image on which both were heard.
  public struct Image: Hashable, Sendable {
    public var name: String
    /// The class of the defect, nil for a good part.
    public var kind: String?
    /// Whether each lets the part pass.
    public var firstPasses: Bool
    public var secondPasses: Bool

    /// An image with two verdicts.
    public init(name: String, kind: String?, firstPasses: Bool, secondPasses: Bool) {
      self.name = name
      self.kind = kind
      self.firstPasses = firstPasses
      self.secondPasses = secondPasses
    }

    fileprivate var firstIsRight: Bool { firstPasses == (kind == nil) }
    fileprivate var secondIsRight: Bool { secondPasses == (kind == nil) }
  }

  /// Images compared.
  public var images: Int
  public var onlyFirstRight: Int
  public var onlySecondRight: Int
  public var bothWrong: Int
  /// Images whose verdict differs, in their order.
  public var changed: [Image]

  /// Counts of `images`.
  public init(_ images: [Image]) {
    self.images = images.count
    changed = images.filter { $0.firstPasses != $0.secondPasses }
    onlyFirstRight = changed.count { $0.firstIsRight }
    onlySecondRight = changed.count - onlyFirstRight
    bothWrong = images.count { !$0.firstIsRight && !$0.secondIsRight }
  }

  /// Accuracy of the first less that of the second, −1 to 1; nil without images.
  public var difference: Double? {
    images > 0 ? Double(onlyFirstRight - onlySecondRight) / Double(images) : nil
  }

  /// Where the difference lies with 95 % confidence: Wald's interval for matched pairs after half an
  /// image was added to each of the four counts (Agresti & Min, Statistics in Medicine 24, 2005).
  /// Images count as independent; several of one part make it too narrow.
  public var interval: FigureInterval? {
    guard images > 0 else { return nil }
    let total = Double(images) + 2
    let first = Double(onlyFirstRight) + 0.5
    let second = Double(onlySecondRight) + 0.5
    let middle = (first - second) / total
    let spread = ((first + second - (first - second) * middle) / (total * total)).squareRoot()
    return FigureInterval(low: middle - 1.959964 * spread, high: middle + 1.959964 * spread)
  }

  /// McNemar's exact test: how likely so uneven a split of the images on which one alone is right
  /// would be if both were equally good; 1 when there are none.
  public var p: Double {
    let count = onlyFirstRight + onlySecondRight
    let fewer = min(onlyFirstRight, onlySecondRight)
    var term = -Double(count) * MathFunctions.log(2)
    var sum = 0.0
    for k in 0...fewer {
      if k > 0 { term += MathFunctions.log(Double(count - k + 1) / Double(k)) }
      sum += MathFunctions.exp(term)
    }
    return min(2 * sum, 1)
  }

  /// One JSON object on one line, keys always in this order.
  public func json() -> String {
    let list = changed.map { image in
      JSONText.object([
        ("image", JSONText.string(image.name)),
        ("label", JSONText.string(image.kind ?? LearnedModel.good)),
        ("first", JSONText.string(image.firstPasses ? "pass" : "reject")),
        ("second", JSONText.string(image.secondPasses ? "pass" : "reject")),
      ])
    }
    return JSONText.object([
      ("images", "\(images)"), ("onlyFirstRight", "\(onlyFirstRight)"),
      ("onlySecondRight", "\(onlySecondRight)"), ("bothWrong", "\(bothWrong)"),
      ("difference", JSONText.number(difference)), ("interval", interval.map(Self.text) ?? "null"),
      ("p", JSONText.number(p)), ("changed", "[" + list.joined(separator: ",") + "]"),
    ])
  }

  private static func text(_ interval: FigureInterval) -> String {
    "[\(JSONText.number(interval.low)),\(JSONText.number(interval.high))]"
  }
}
