import FactoryModel
import Inspection

extension PairedComparison {
  /// Verdicts on the same images in the same order; those that either could not inspect are left out.
  /// Unsure counts as not passed.
  public init(_ first: [JudgedImage], _ second: [JudgedImage]) {
    self.init(
      zip(first, second).compactMap { one, other in
        guard one.verdict.outcome != .error, other.verdict.outcome != .error else { return nil }
        return Image(
          name: one.label.name, kind: one.label.kind, firstPasses: one.verdict.outcome == .pass,
          secondPasses: other.verdict.outcome == .pass)
      })
  }
}
