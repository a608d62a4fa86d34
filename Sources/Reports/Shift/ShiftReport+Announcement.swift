import FactoryModel

extension ShiftReport {
  /// What a receiver is told when the report has been written: the first screenful and the files'
  /// names, as one object.
  public func announcement(_ language: ReportLanguage, files: [String]) -> String {
    JSONText.object([
      ("report", JSONText.string(question.name)), ("plant", JSONText.string(plant)),
      ("from", JSONText.string(question.range.lowerBound.description)),
      ("to", JSONText.string(question.range.upperBound.description)),
      ("title", JSONText.string("\(plant): \(name(language)), \(clock.range(question.range))")),
      (
        "figures",
        JSONText.object(tiles(language).map { ($0.name, JSONText.string($0.value)) })
      ),
      (
        "attention",
        "[" + attention(language).map { JSONText.string($0.text) }.joined(separator: ",") + "]"
      ),
      ("files", "[" + files.map(JSONText.string).joined(separator: ",") + "]"),
    ])
  }
}
