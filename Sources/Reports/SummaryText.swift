import FactoryModel

/// The few lines a person reads at the end of a run.
public enum SummaryText {
  /// Counts, the worst rejects, what could not be inspected, and the speed.
  public static func text(_ verdicts: [Verdict], seconds: Double) -> String {
    func count(_ outcome: Outcome) -> Int { verdicts.count { $0.outcome == outcome } }
    var lines: [String] = []
    let rejects = verdicts.filter { $0.outcome == .reject }
      .sorted { ($0.score ?? 0) > ($1.score ?? 0) }
    if !rejects.isEmpty {
      lines.append("score     defects  rejected image")
      for verdict in rejects.prefix(10) {
        let score = (verdict.score ?? 0).fourDigits
        lines.append(
          Format.padded(score, 9) + " " + Format.padded("\(verdict.defects.count)", 8) + " "
            + verdict.image)
      }
      if rejects.count > 10 { lines.append("… and \(rejects.count - 10) more rejects") }
    }
    let failed = verdicts.filter { $0.outcome == .error }
    lines += failed.prefix(20).map { "not inspected: \($0.error ?? $0.image)" }
    if failed.count > 20 { lines.append("… and \(failed.count - 20) more not inspected") }
    let rate = seconds > 0 ? Double(verdicts.count) / seconds : 0
    lines.append(
      "\(verdicts.count) images: \(count(.pass)) passed, \(count(.reject)) rejected, "
        + "\(count(.unsure)) unsure, \(count(.error)) not inspected; "
        + "\(rate.fixed(digits: 0)) images/s")
    return lines.joined(separator: "\n")
  }
}

/// Numbers as people read them.
enum Format {
  /// A number without needless digits: `0.05`, `2`, `10000`.
  static func short(_ value: Double) -> String {
    let digits = abs(value) >= 1 || value == 0 ? 2 : 5
    let text = value.fixed(digits: digits)
    let cut = text.reversed().drop { $0 == "0" }
    return String((cut.first == "." ? cut.dropFirst() : cut).reversed())
  }

  /// A number as exact as a step of about a tenth of `span` asks for.
  static func fixed(_ value: Double, within span: Double) -> String {
    guard span > 0, span.isFinite else { return short(value) }
    var (digits, rest) = (1, span)
    while rest < 1, digits < 9 { (digits, rest) = (digits + 1, rest * 10) }
    while rest >= 10, digits > 0 { (digits, rest) = (digits - 1, rest / 10) }
    return value.fixed(digits: digits)
  }

  /// `text` with blanks up to `width`.
  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
