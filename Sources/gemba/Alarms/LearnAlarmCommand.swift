import Alarms
import ArgumentParser
import FactoryModel
import Foundation
import Pipeline
import Telemetry

struct LearnAlarmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Learn how signals run together when all is well.",
    discussion: """
      The model tells rows of signals that were never seen like this in normal running (T² and Q on \
      principal components). It is learned from a stretch of a recording in which all was well: a \
      record of `gemba monitor`, a CSV file with a header, or line protocol. A rule `model: FILE` \
      in the site file then watches the signals.
      """)

  @Argument(help: "The recording.")
  var recording: String

  @Option(help: "Write the model to this file.")
  var out: String

  @Option(help: "What the alarm watches, on the record. Default: the file's name without its end.")
  var name: String?

  @Option(name: .customLong("signal"), help: "A signal or pattern of signals; may be repeated.")
  var patterns: [String] = []

  @Option(help: "Begin of the stretch, RFC 3339.")
  var from: String?

  @Option(help: "End of the stretch, RFC 3339.")
  var to: String?

  @Option(help: "Learn from this many rows at most.")
  var rows: Int?

  @Option(help: "Columns of a CSV file become the signals SOURCE.COLUMN.")
  var source = "rig"

  @Option(help: "Step of the times of line protocol: ns, us, ms, s, m, h.")
  var precision = "ns"

  @Option(help: "Weight of the newest row, above 0 to 1; smaller finds smaller changes, later.")
  var smoothing = PrincipalLearning().smoothing

  @Option(help: "Share of the variance that the components explain, above 0 and below 1.")
  var explained = PrincipalLearning().explained

  @Option(help: "By how much the limits are raised above 99 % of normal rows.")
  var margin = PrincipalLearning().margin

  func validate() throws {
    guard smoothing > 0, smoothing <= 1 else {
      throw ValidationError("--smoothing \(smoothing); give more than 0, at most 1")
    }
    guard explained > 0, explained < 1 else {
      throw ValidationError("--explained \(explained); give more than 0, less than 1")
    }
    guard margin > 0, margin.isFinite else {
      throw ValidationError("--margin \(margin); give more than 0")
    }
    if let rows, rows < 1 { throw ValidationError("--rows \(rows); give 1 or more") }
    _ = try selection()
  }

  func run() throws {
    let stretch = try NormalStretch(of: recording, selection())
    var learning = PrincipalLearning()
    learning.smoothing = smoothing
    learning.explained = explained
    learning.margin = margin
    let file = URL(fileURLWithPath: out)
    let label = name ?? file.deletingPathExtension().lastPathComponent
    guard let signal = try? SignalPattern(label), signal.name != nil else {
      throw ValidationError("--name \(label); give a name without braces, such as pump")
    }
    let model: PrincipalModel
    do {
      model = try learning.model(name: label, signals: stretch.signals, rows: stretch.rows)
    } catch {
      Terminal.note("Error: \(recording): \(error)")
      throw ExitCode(1)
    }
    try Data(model.yaml.utf8).write(to: file, options: .atomic)
    describe(model, stretch)
    check(learning, label, stretch)
    Terminal.result(
      """
      a rule for the site file:
        - name: \(label) unusual
          model: \(out)
          onDelay: 5s
          offDelay: 30s
      """)
  }

  private func describe(_ model: PrincipalModel, _ stretch: NormalStretch) {
    Terminal.result(
      "\(out): signals \(model.signals.count), components \(model.components.count), rows "
        + "\(stretch.rows.count)")
    if let span = stretch.span {
      Terminal.result("rows from \(span.lowerBound) to \(span.upperBound)")
    }
    for signal in stretch.signals where !model.signals.contains(signal) {
      Terminal.note("gemba: \(signal) stood still and was left out; give it a limit of its own")
    }
  }

  /// Learns from the first four fifths and judges the last: what the model makes of new normal rows.
  private func check(_ learning: PrincipalLearning, _ name: String, _ stretch: NormalStretch) {
    let count = stretch.rows.count * 4 / 5
    let first = Array(stretch.rows.prefix(count))
    guard let model = try? learning.model(name: name, signals: stretch.signals, rows: first) else {
      Terminal.note("gemba: too few rows to check the model on some of them; give a longer stretch")
      return
    }
    let unusual = model.ratios(of: stretch.rows, signals: stretch.signals).dropFirst(count)
      .count { $0.map { $0 > 1 } ?? false }
    let rest = stretch.rows.count - count
    Terminal.result(
      "check: learned from the first four fifths, \(unusual) of the last \(rest) rows are unusual")
    if unusual * 20 > rest {
      Terminal.note(
        "gemba: too many for rows in which all was well; learn from a stretch that shows the "
          + "plant's whole range, or raise --margin")
    }
  }

  private func selection() throws -> NormalStretch.Selection {
    var selection = NormalStretch.Selection()
    do { selection.patterns = try patterns.map { try SignalPattern($0) } } catch {
      throw ValidationError("--signal: \(error)")
    }
    func time(_ text: String?, _ option: String, _ other: Timestamp) throws -> Timestamp {
      guard let text else { return other }
      guard let time = Timestamp(rfc3339: text) else {
        throw ValidationError("\(option) \(text); give a time such as 2026-03-01T08:00:00Z")
      }
      return time
    }
    let begin = try time(from, "--from", selection.range.lowerBound)
    let end = try time(to, "--to", selection.range.upperBound)
    guard begin < end else { throw ValidationError("--from is not before --to") }
    selection.range = begin..<end
    selection.rows = rows
    selection.source = source
    guard let step = TimePrecision(parameter: precision) else {
      throw ValidationError("--precision \(precision): use ns, us, ms, s, m or h")
    }
    selection.precision = step
    return selection
  }
}
