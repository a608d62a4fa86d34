/// A language of the page.
enum Language: String, CaseIterable, Sendable {
  case english = "en"
  case chinese = "zh"

  /// The wanted language, English when it is none of ours.
  init(query: String?) {
    self = query.flatMap { Language(rawValue: String($0.prefix(2))) } ?? .english
  }
}
