import FactoryModel

/// How a threshold is chosen.
///
/// Written as `typical=1%`, `false-reject=1%`, `zero-escapes`, `best-f1`, `cost=100:1` (of an escape
/// and of a false reject) or `value=3.2`.
public enum ThresholdRule: Hashable, Sendable, CustomStringConvertible {
  /// From held-out good parts: the wanted share of good parts rejected, in 0..<1.
  case falseRejectRate(Double)
  /// The same among typical good parts: outliers do not raise the threshold.
  case typicalFalseRejectRate(Double)
  /// From labelled parts: the highest threshold at which no defective one passes.
  case zeroEscapes
  /// From labelled parts: the highest F1.
  case bestF1
  /// From labelled parts: the lowest sum of costs.
  case cost(escape: Double, falseReject: Double)
  /// As given.
  case value(Double)

  /// Reads the written form; blanks around it do not matter.
  public init(parsing text: String) throws(ThresholdError) {
    let fields = text.split(separator: "=", maxSplits: 1).map { Self.trimmed($0) }
    switch (fields.first ?? "", fields.count) {
    case ("zero-escapes", 1): self = .zeroEscapes
    case ("best-f1", 1): self = .bestF1
    case ("value", 2):
      guard let value = Double(fields[1]), value.isFinite else { throw .unreadable(text) }
      self = .value(value)
    case ("false-reject", 2): self = .falseRejectRate(try Self.share(fields[1], in: text))
    case ("typical", 2): self = .typicalFalseRejectRate(try Self.share(fields[1], in: text))
    case ("cost", 2):
      let costs = fields[1].split(separator: ":").compactMap { Double(Self.trimmed($0)) }
      guard costs.count == 2, costs.allSatisfy({ $0 > 0 && $0.isFinite }),
        fields[1].split(separator: ":", omittingEmptySubsequences: false).count == 2
      else { throw .unreadable(text) }
      self = .cost(escape: costs[0], falseReject: costs[1])
    default: throw .unreadable(text)
    }
  }

  /// `1%` or `0.01`, in 0..<1.
  private static func share(_ field: String, in text: String) throws(ThresholdError) -> Double {
    let isPercent = field.hasSuffix("%")
    let number = Double(trimmed(isPercent ? field.dropLast() : field[...]))
    guard let number, number >= 0, number / (isPercent ? 100 : 1) < 1 else {
      throw .unreadable(text)
    }
    return isPercent ? number / 100 : number
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    var rest = Substring(text).drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return String(rest)
  }

  /// The written form; reading it gives the same rule.
  public var description: String {
    switch self {
    case .falseRejectRate(let rate): "false-reject=\(Self.text(rate))"
    case .typicalFalseRejectRate(let rate): "typical=\(Self.text(rate))"
    case .zeroEscapes: "zero-escapes"
    case .bestF1: "best-f1"
    case .cost(let escape, let falseReject): "cost=\(escape.shortText):\(falseReject.shortText)"
    case .value(let value): "value=\(value)"
    }
  }

  /// In percent where that reads back as the same share.
  private static func text(_ share: Double) -> String {
    let percent = (share * 1e8).rounded() / 1e6
    return percent / 100 == share ? percent.shortText + "%" : "\(share)"
  }
}

/// Why no threshold can be chosen.
public enum ThresholdError: Error, Hashable, CustomStringConvertible {
  /// Not a rule.
  case unreadable(String)
  /// The rule needs held-out good parts and there are none.
  case noGoodParts(rule: ThresholdRule)
  /// The rule needs labelled defective parts and there are none.
  case noDefectiveParts(rule: ThresholdRule)

  public var description: String {
    switch self {
    case .unreadable(let text):
      "threshold rule `\(text)`: expected typical=1%, false-reject=1%, zero-escapes, best-f1, "
        + "cost=100:1 (escape:false reject, both above 0) or value=3.2; correct the rule"
    case .noGoodParts(let rule):
      "threshold rule `\(rule)`: no good parts were held out; give good parts or value=…"
    case .noDefectiveParts(let rule):
      "threshold rule `\(rule)`: no labelled defective parts; give some, or use false-reject=1%"
    }
  }
}
