import FactoryModel

/// The record as JUnit XML, so that a build server shows rejects like failed tests.
public enum JUnit {
  /// One suite, one case per image: a reject is a failure, what was not inspected an error, unsure
  /// is skipped.
  public static func xml(_ verdicts: [Verdict], suite: String) -> String {
    func count(_ outcome: Outcome) -> Int { verdicts.count { $0.outcome == outcome } }
    let seconds = verdicts.reduce(0) { $0 + $1.milliseconds } / 1000
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<testsuites>",
      "<testsuite name=\"\(XML.escaped(suite))\" tests=\"\(verdicts.count)\" "
        + "failures=\"\(count(.reject))\" errors=\"\(count(.error))\" "
        + "skipped=\"\(count(.unsure))\" time=\"\(seconds.fixed(digits: 3))\">",
    ]
    for verdict in verdicts {
      let head =
        "<testcase classname=\"\(XML.escaped(suite))\" name=\"\(XML.escaped(verdict.image))\" "
        + "time=\"\((verdict.milliseconds / 1000).fixed(digits: 6))\""
      switch verdict.outcome {
      case .pass: lines.append(head + "/>")
      case .reject:
        let message =
          "score \((verdict.score ?? 0).fourDigits), "
          + "threshold \(verdict.threshold.fourDigits), \(verdict.defects.count) defects"
        lines.append(head + "><failure message=\"\(XML.escaped(message))\"/></testcase>")
      case .error:
        lines.append(
          head + "><error message=\"\(XML.escaped(verdict.error ?? ""))\"/></testcase>")
      case .unsure: lines.append(head + "><skipped message=\"unsure\"/></testcase>")
      }
    }
    return (lines + ["</testsuite>", "</testsuites>"]).joined(separator: "\n") + "\n"
  }
}

/// Text inside XML and HTML.
enum XML {
  /// `text` with the five special characters escaped; control characters that XML cannot hold become
  /// the replacement character.
  static func escaped(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      case "\t", "\n", "\r": out += "&#\(scalar.value);"
      case _ where scalar.value < 32 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        out += "\u{FFFD}"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
