extension Recipe {
  /// The text of `recipe.yaml` with this recipe's threshold, rule and unsure band in place of those of
  /// `earlier`, the text that was there, whose comments and order stay. Where more than that differs,
  /// all of it is written anew.
  public func yaml(editing earlier: String) -> String {
    var lines = earlier.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var place = 0
    for (key, value) in [
      ("threshold", "\(threshold)"), ("thresholdRule", thresholdRule.map(quoted)),
      ("unsureFrom", unsureFrom.map { "\($0)" }),
    ] {
      let found = lines.firstIndex { $0.hasPrefix(key + ":") }
      if let found { lines.remove(at: found) }
      place = found ?? place
      guard let value else { continue }
      lines.insert("\(key): \(value)", at: place)
      place += 1
    }
    let edited = lines.joined(separator: "\n")
    return (try? Recipe(yaml: edited)) == self ? edited : yaml
  }
}
