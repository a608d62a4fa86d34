import FactoryModel

extension EvaluationPage {
  static func summary(_ content: Content) -> String {
    let counts = content.counts
    let tiles = [
      HTMLPage.tile("\(counts.good)", "good images"),
      HTMLPage.tile("\(counts.defective)", "defective images"),
      HTMLPage.tile("\(counts.escapes)", "escapes", counts.escapes > 0 ? "bad" : ""),
      HTMLPage.tile(
        "\(counts.falseRejects)", "false rejects", counts.falseRejects > 0 ? "warn" : ""),
    ]
    return "<h1>\(XML.escaped(content.title))</h1>"
      + "<p class=\"quiet\">\(XML.escaped(content.subtitle))</p>"
      + "<div class=\"tiles\">\(tiles.joined())</div>"
  }

  static func figures(_ content: Content) -> String {
    let rows = content.figures.map { figure in
      "<tr><td>\(XML.escaped(figure.name))</td>"
        + "<td class=\"number\">\(figure.value.percent(digits: 2))</td>"
        + "<td class=\"quiet\">\(figure.interval.map(text) ?? "")</td></tr>"
    }
    let counts = content.counts
    let confusion =
      "<table><thead><tr><th></th><th class=\"number\">passed</th><th class=\"number\">rejected</th>"
      + "</tr></thead><tbody><tr><td>good</td><td class=\"number\">\(counts.goodPassed)</td>"
      + cell(counts.falseRejects) + "</tr><tr><td>defective</td>" + cell(counts.escapes)
      + "<td class=\"number\">\(counts.found)</td></tr></tbody></table>"
    return "<div class=\"columns\"><div><h2>Figures</h2><table><thead><tr><th>figure</th>"
      + "<th class=\"number\">value</th><th>95 % interval</th></tr></thead><tbody>\(rows.joined())"
      + "</tbody></table></div><div><h2>At the threshold</h2>\(confusion)</div></div>"
  }

  private static func cell(_ count: Int) -> String {
    "<td class=\"number\(count > 0 ? " bad" : "")\">\(count)</td>"
  }

  static func distributions(_ content: Content) -> String {
    guard !content.good.isEmpty || !content.defective.isEmpty else { return "" }
    let marks = content.candidates.map { candidate in
      ScoreHistogram.Mark(
        score: candidate.threshold, text: candidate.isCurrent ? "threshold" : candidate.rule,
        isMain: candidate.isCurrent)
    }
    let rows = content.candidates.map { candidate -> String in
      let counts = candidate.counts
      return "<tr class=\"\(candidate.isCurrent ? "now" : "")\"><td>\(XML.escaped(candidate.rule))"
        + "</td><td class=\"number\">\(candidate.threshold.fourDigits)</td>"
        + "<td class=\"number\">\(counts.escapes)</td>"
        + "<td class=\"number\">\(counts.falseRejects)</td></tr>"
    }
    return "<h2>Scores and thresholds</h2>"
      + ScoreHistogram.svg(good: content.good, defective: content.defective, marks: marks)
      + "<table><thead><tr><th>threshold by</th><th class=\"number\">score</th>"
      + "<th class=\"number\">escapes</th><th class=\"number\">false rejects</th></tr></thead>"
      + "<tbody>\(rows.joined())</tbody></table><p class=\"quiet\">Rules choose from these very "
      + "images, so expect a little worse on others."
      + (content.hasLimits
        ? " They judge by the score alone; the threshold in force goes with the recipe's limits."
        : "")
      + (content.command.isEmpty
        ? "" : " To take one: <code>\(XML.escaped(content.command))</code>") + "</p>"
  }

  /// The curve with the tables of classes beside it, or these beside each other.
  static func details(_ content: Content) -> String {
    let (curve, tables) = (curve(content), [classes(content), mistakes(content)])
    let parts = (curve.isEmpty ? tables : [curve, tables.joined()]).filter { !$0.isEmpty }
    return "<div class=\"columns\">" + parts.map { "<div>\($0)</div>" }.joined() + "</div>"
  }

  private static func curve(_ content: Content) -> String {
    guard !content.good.isEmpty, !content.defective.isEmpty else { return "" }
    return "<h2>Every threshold</h2>"
      + ROCChart.svg(
        good: content.good, defective: content.defective, threshold: content.threshold)
  }

  private static func classes(_ content: Content) -> String {
    guard !content.classes.isEmpty else { return "" }
    let rows = content.classes.map { row in
      "<tr><td>\(XML.escaped(row.kind))</td><td class=\"number\">\(row.images)</td>"
        + "<td class=\"number\">\(row.found)</td>"
        + "<td class=\"number\">\((Double(row.found) / Double(max(row.images, 1))).percent(digits: 2))</td>"
        + "<td class=\"number\">\(row.auroc?.percent(digits: 2) ?? "–")</td></tr>"
    }
    return "<h2>By class</h2><table><thead><tr><th>class</th><th class=\"number\">images</th>"
      + "<th class=\"number\">found</th><th class=\"number\">share found</th>"
      + "<th class=\"number\">AUROC against good</th></tr></thead><tbody>\(rows.joined())</tbody>"
      + "</table>"
  }

  private static func mistakes(_ content: Content) -> String {
    guard !content.mistakes.isEmpty else { return "" }
    let rows = content.mistakes.map { row in
      "<tr><td>\(XML.escaped(row.label))</td><td>\(XML.escaped(row.kind))</td>"
        + "<td class=\"number\">\(row.images) of \(row.labelled)</td></tr>"
    }
    return "<h2>Classes taken for others</h2><table><thead><tr><th>label</th><th>taken for</th>"
      + "<th class=\"number\">images</th></tr></thead><tbody>\(rows.joined())</tbody></table>"
  }

  static func wrong(_ images: [Wrong], _ title: String, _ text: String) -> String {
    guard !images.isEmpty else { return "<h2>\(title)</h2><p>None.</p>" }
    let shown = images.filter { $0.picture != nil }
    let cards = shown.map { image -> String in
      let heat = image.heat.map { HTMLPage.picture($0, "Heat map of \(image.image)") } ?? ""
      let kind = image.kind.map { "<br/><span class=\"quiet\">\(XML.escaped($0))</span>" } ?? ""
      return "<figure tabindex=\"0\"><div class=\"pair\">"
        + HTMLPage.picture(image.picture ?? [], "Marked-up picture of \(image.image)") + heat
        + "</div><figcaption><b>\(image.score.fourDigits)</b> \(XML.escaped(image.image))"
        + "\(kind)</figcaption></figure>"
    }
    let others = images.filter { $0.picture == nil }.map { image in
      "<tr><td>\(XML.escaped(image.image))</td><td>\(XML.escaped(image.kind ?? "good"))</td>"
        + "<td class=\"number\">\(image.score.fourDigits)</td></tr>"
    }
    let rest =
      others.isEmpty
      ? ""
      : "<table><thead><tr><th>without a picture</th><th>label</th><th class=\"number\">score</th>"
        + "</tr></thead><tbody>\(others.joined())</tbody></table>"
    return "<h2>\(title)</h2><p class=\"quiet\">\(text)</p>"
      + "<div class=\"gallery\">\(cards.joined())</div>\(rest)"
  }

  private static func text(_ interval: ClosedRange<Double>) -> String {
    interval.lowerBound.percent(digits: 2) + " to " + interval.upperBound.percent(digits: 2)
  }
}
