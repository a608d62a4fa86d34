import Alarms
import ArgumentParser
import FactoryModel
import Foundation
import Pipeline
import Storage

struct MeasureAlarmsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Judge how well the alarms serve their operators.",
    discussion: """
      Measures of EEMUA 191 and ISA-18.2 over a stretch of the journal, beside what they should be. \
      Exit code: 0 all targets met, 1 some missed.
      """)

  @Option(help: "The record.")
  var database: String

  @Option(help: "The site file, for the priorities of the rules.")
  var site: String?

  @Option(help: "Begin of the stretch, RFC 3339. Default: 30 days before its end.")
  var from: String?

  @Option(help: "End of the stretch, RFC 3339. Default: now.")
  var to: String?

  @Option(help: "Operators who share the alarms.")
  var operators = 1

  func validate() throws {
    if operators < 1 { throw ValidationError("--operators \(operators); give 1 or more") }
    let range = try range()
    guard range.lowerBound < range.upperBound else {
      throw ValidationError("--from is not before --to")
    }
  }

  func run() throws {
    let rules = try site.map { try SiteFile(path: $0).site.rules } ?? []
    let priorities = Dictionary(rules.map { ($0.name, $0.priority) }) { first, _ in first }
    let range = try range()
    let journal = AlarmJournal(try RecordFile(path: database, for: .read))
    let kpis = AlarmKPIs(
      of: try journal.transitions(), from: range.lowerBound, to: range.upperBound,
      operators: operators
    ) { priorities[$0] }
    Terminal.result(kpis.text)
    if !kpis.isLongEnough {
      Terminal.note("gemba: the targets are meant for 30 days or more; this stretch is shorter")
    }
    if !kpis.targets.allSatisfy(\.isMet) { throw ExitCode(1) }
  }

  private func range() throws -> Range<Timestamp> {
    let end = try time(to, "--to") ?? Timestamp.now
    let begin = try time(from, "--from") ?? end - .seconds(30 * 86_400)
    return min(begin, end)..<end
  }

  private func time(_ text: String?, _ option: String) throws -> Timestamp? {
    guard let text else { return nil }
    guard let time = Timestamp(rfc3339: text) else {
      throw ValidationError("\(option) \(text); give a time such as 2026-03-01T08:00:00Z")
    }
    return time
  }
}

extension AlarmKPIs {
  /// For a person: what happened, the targets, the alarms worth mending.
  fileprivate var text: String {
    var lines = [
      "\(from) to \(to): new alarms \(newAlarms), most in ten minutes \(mostInTenMinutes), "
        + "floods \(floods.count), silenced at the end \(silencedAtEnd)"
    ]
    if let mean = meanTimeToAcknowledge, let longest = longestTimeToAcknowledge {
      lines.append(
        "acknowledged after \(Int(mean.inSeconds)) s on average, \(Int(longest.inSeconds)) s at most"
      )
    }
    lines += targets.map { target in
      func number(_ value: Double) -> String {
        target.isShare ? value.percent(digits: 1) : String(format: "%.4g", value)
      }
      return "\(target.isMet ? "met   " : "MISSED") \(target.name): \(number(target.value)), "
        + "at most \(number(target.atMost))"
    }
    for (title, loads) in [
      ("most frequent", topTen), ("chattering", chattering), ("active for over 24 hours", stale),
    ] where !loads.isEmpty {
      lines.append("\(title):")
      lines += loads.map { "  \($0.newAlarms)  \($0.alarm)  \($0.signal)" }
    }
    return lines.joined(separator: "\n")
  }
}
