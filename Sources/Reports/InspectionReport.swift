import FactoryModel

/// The report of one inspection: one self-contained HTML file, no script, pictures inside.
public enum InspectionReport {
  /// A rejected or unsure part with its pictures as PNG bytes.
  public struct Reject: Sendable {
    var verdict: Verdict
    var overlay: [UInt8]
    var heat: [UInt8]?

    /// A reject to show.
    public init(verdict: Verdict, overlay: [UInt8], heat: [UInt8]?) {
      self.verdict = verdict
      self.overlay = overlay
      self.heat = heat
    }
  }

  /// What the report is about.
  public struct Content: Sendable {
    var recipe: String
    var method: String
    var threshold: Double
    var verdicts: [Verdict]
    var seconds: Double
    var worst: [Reject]
    var warnings: [String]
    /// Parts that a person should look at, in the order to be shown.
    public var unsure: [Reject] = []
    /// What was inspected and when, in words; empty when not known.
    public var subject = ""

    /// The content of a report; `worst` in the order to be shown.
    public init(
      recipe: String, method: String, threshold: Double, verdicts: [Verdict], seconds: Double,
      worst: [Reject], warnings: [String] = []
    ) {
      self.recipe = recipe
      self.method = method
      self.threshold = threshold
      self.verdicts = verdicts
      self.seconds = seconds
      self.worst = worst
      self.warnings = warnings
    }
  }

  /// Lists longer than this are cut, and the report says so.
  static let longestList = 5000

  /// The report as HTML that is also well-formed XML.
  public static func html(_ content: Content) -> String {
    HTMLPage.html(
      title: "Inspection with \(content.recipe)",
      [
        summary(content), HTMLPage.warnings(content.warnings), pareto(content), histogram(content),
        gallery("Worst rejects", content.worst),
        gallery("Unsure, for a person to look at", content.unsure), notInspected(content),
        list(content),
      ])
  }

  private static func summary(_ content: Content) -> String {
    func count(_ outcome: Outcome) -> Int { content.verdicts.count { $0.outcome == outcome } }
    let total = content.verdicts.count
    let inspected = total - count(.error)
    let share = inspected > 0 ? Double(count(.reject)) / Double(inspected) * 100 : 0
    let times = content.verdicts.filter { $0.outcome != .error }.map(\.milliseconds).sorted()
    let median = times.isEmpty ? 0 : times[times.count / 2]
    let p99 = times.isEmpty ? 0 : times[min(times.count - 1, times.count * 99 / 100)]
    let tiles = [
      HTMLPage.tile("\(total)", "images"),
      HTMLPage.tile("\(count(.pass))", "passed"),
      HTMLPage.tile("\(count(.reject))", "rejected", count(.reject) > 0 ? "bad" : ""),
      HTMLPage.tile("\(share.fixed(digits: 1)) %", "reject rate"),
      count(.unsure) > 0 ? HTMLPage.tile("\(count(.unsure))", "unsure", "warn") : "",
      HTMLPage.tile("\(count(.error))", "not inspected", count(.error) > 0 ? "warn" : ""),
    ].joined()
    let subject = content.subject.isEmpty ? "" : XML.escaped(content.subject) + ". "
    let rate = content.seconds > 0 ? Double(total) / content.seconds : 0
    return """
      <h1>Inspection with \(XML.escaped(content.recipe))</h1>
      <p class="quiet">\(subject)Method \(XML.escaped(content.method)), threshold \
      \(content.threshold.fourDigits). \(rate.fixed(digits: 0)) images/s; per image median \
      \(median.fixed(digits: 2)) ms, 99th percentile \(p99.fixed(digits: 2)) ms.</p>
      <div class="tiles counts">\(tiles)</div>
      """
  }

  private static func pareto(_ content: Content) -> String {
    var counts: [String: Int] = [:]
    for verdict in content.verdicts where verdict.outcome == .reject {
      for kind in Set(verdict.defects.map(\.kind)) { counts[kind, default: 0] += 1 }
    }
    // A recipe that knows no classes has nothing to compare.
    guard counts.keys.contains(where: { $0 != Defect.unnamed }) else { return "" }
    let rows = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return "<h2>Rejected parts by class of defect</h2>" + ParetoChart.svg(rows)
  }

  private static func histogram(_ content: Content) -> String {
    let scores = content.verdicts.compactMap(\.score)
    guard scores.count > 1 else { return "" }
    return "<h2>Scores</h2>"
      + ScoreHistogram.svg(scores, threshold: content.threshold)
  }

  private static func gallery(_ title: String, _ parts: [Reject]) -> String {
    guard !parts.isEmpty else { return "" }
    let cards = parts.map { reject -> String in
      let heat =
        reject.heat.map { HTMLPage.picture($0, "Heat map of \(reject.verdict.image)") } ?? ""
      return """
        <figure tabindex="0"><div class="pair">\
        \(HTMLPage.picture(reject.overlay, "Marked-up picture of \(reject.verdict.image)"))\(heat)</div>\
        <figcaption><b>\((reject.verdict.score ?? 0).fourDigits)</b> \
        \(XML.escaped(reject.verdict.image))<br/><span class="quiet">\
        \(places(reject.verdict))</span></figcaption></figure>
        """
    }
    return "<h2>\(title)</h2><div class=\"gallery\">\(cards.joined())</div>"
  }

  /// `2 places: crack, up to 1.2 mm`; without a place the likely class, where there is one.
  private static func places(_ verdict: Verdict) -> String {
    let count = verdict.defects.count
    guard count > 0 else { return verdict.kind.map { "likely \(XML.escaped($0))" } ?? "" }
    let kinds = Set(verdict.defects.map(\.kind)).sorted().joined(separator: ", ")
    return "\(count) \(count == 1 ? "place" : "places"): \(XML.escaped(kinds))\(extent(verdict))"
  }

  /// `, up to 1.2 mm`, in pixels without a scale.
  private static func extent(_ verdict: Verdict) -> String {
    guard let longest = verdict.defects.map(\.extent).max() else { return "" }
    return ", up to "
      + (verdict.millimetres(longest).map { "\($0.fourDigits) mm" } ?? "\(longest.fourDigits) px")
  }

  private static func notInspected(_ content: Content) -> String {
    let failed = content.verdicts.filter { $0.outcome == .error }
    guard !failed.isEmpty else { return "" }
    let rows = failed.prefix(longestList).map {
      "<li>\(XML.escaped($0.error ?? $0.image))</li>"
    }
    return "<h2>Not inspected</h2><ul>\(rows.joined())</ul>" + cut(failed.count)
  }

  private static func list(_ content: Content) -> String {
    let rows = content.verdicts.prefix(longestList).map { verdict -> String in
      let mood = verdict.outcome == .pass ? "" : verdict.outcome == .reject ? "bad" : "warn"
      return "<tr class=\"\(mood)\"><td>\(XML.escaped(verdict.image))</td>"
        + "<td>\(verdict.outcome.rawValue)</td>"
        + "<td class=\"number\">\(verdict.score.map(\.fourDigits) ?? "–")</td>"
        + "<td class=\"number\">\(verdict.defects.count)</td>"
        + "<td class=\"number\">\(verdict.milliseconds.fixed(digits: 2))</td></tr>"
    }
    return "<h2>All images</h2><table><thead><tr><th>image</th><th>verdict</th>"
      + "<th class=\"number\">score</th><th class=\"number\">defects</th>"
      + "<th class=\"number\">ms</th></tr></thead><tbody>\(rows.joined())</tbody></table>"
      + cut(content.verdicts.count)
  }

  private static func cut(_ count: Int) -> String {
    count > longestList
      ? "<p class=\"quiet\">\(longestList) of \(count) shown; all are in verdicts.csv.</p>" : ""
  }
}
