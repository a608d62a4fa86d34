import FactoryModel

/// The record as a table for spreadsheets: one line per image, RFC 4180.
///
/// A text that a spreadsheet would take for a formula (begins with =, +, - or @) gets an apostrophe in
/// front.
public enum VerdictTable {
  /// The table with its heading; lines end in CR LF.
  public static func csv(_ verdicts: [Verdict]) -> String {
    let heading =
      "image,verdict,score,threshold,defects,worst_class,worst_x,worst_y,worst_width,"
      + "worst_height,worst_area,milliseconds,error,worst_length,worst_length_mm,class,probability"
    let lines = verdicts.map { verdict -> String in
      let worst = verdict.defects.first
      let fields: [String] = [
        cell(verdict.image), verdict.outcome.rawValue, verdict.score.map { "\($0)" } ?? "",
        "\(verdict.threshold)", "\(verdict.defects.count)", cell(worst?.kind ?? ""),
        worst.map { "\($0.x)" } ?? "", worst.map { "\($0.y)" } ?? "",
        worst.map { "\($0.width)" } ?? "", worst.map { "\($0.height)" } ?? "",
        worst.map { "\($0.area)" } ?? "", verdict.milliseconds.fixed(digits: 3),
        cell(verdict.error ?? ""), worst.map { $0.extent.fixed(digits: 2) } ?? "",
        worst.flatMap { verdict.millimetres($0.extent) }.map(\.shortText) ?? "",
        cell(verdict.kind ?? ""), verdict.probability.map { "\($0)" } ?? "",
      ]
      return fields.joined(separator: ",")
    }
    return ([heading] + lines).joined(separator: "\r\n") + "\r\n"
  }

  static func cell(_ text: String) -> String {
    let formula = text.first.map { "=+-@".contains($0) } ?? false
    let safe = (formula ? "'" : "") + text
    let special = safe.unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) }
    return special
      ? "\""
        + safe.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "\"\"") + "\"" : safe
  }
}
