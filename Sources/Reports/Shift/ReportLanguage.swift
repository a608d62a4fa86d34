/// A language that reports speak.
public enum ReportLanguage: String, CaseIterable, Hashable, Sendable {
  case english = "en"
  case chinese = "zh"

  /// A text of the report; both languages stand together, so that neither is forgotten.
  func text(_ english: String, _ chinese: String) -> String {
    self == .english ? english : chinese
  }
}
