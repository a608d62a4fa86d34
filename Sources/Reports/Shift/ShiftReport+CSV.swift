import Alarms
import FactoryModel
import Plant

extension ShiftReport {
  /// One figure a line, for spreadsheets: `section,item,from,to,figure,value`; RFC 4180, lines end
  /// in CR LF, moments are RFC 3339 in UTC, a value that is missing is an empty cell.
  public var csv: String {
    (["section,item,from,to,figure,value"] + productionLines + courseLines + partLines
      + measurementLines + emissionLines + alarmLines + adjustmentLines + captureLines).joined(
        separator: "\r\n")
      + "\r\n"
  }

  private var productionLines: [String] {
    let range = question.range
    var lines = [
      line("production", "", range, "parts", "\(production.parts)"),
      line("production", "", range, "plan", production.plan.map { "\($0)" }),
      line("production", "", range, "taktSeconds", production.taktSeconds),
      line("production", "", range, "cycleSeconds", production.cycleSeconds),
      line("production", "", range, "oee", production.oee?.value),
      line("quality", "", range, "inspected", "\(quality.inspected)"),
      line("quality", "", range, "rejects", "\(quality.rejects)"),
      line("quality", "", range, "yield", quality.yield),
    ]
    for machine in production.machines {
      lines += [
        line("machine", machine.name, range, "runSeconds", machine.runSeconds),
        line("machine", machine.name, range, "stopSeconds", machine.stopSeconds),
        line("machine", machine.name, range, "unknownSeconds", machine.unknownSeconds),
        line("machine", machine.name, range, "changeovers", "\(machine.changeovers)"),
        line("machine", machine.name, range, "changeoverSeconds", machine.changeoverSeconds),
        line("machine", machine.name, range, "oee", machine.oee?.value),
      ]
    }
    for machine in stops {
      lines += machine.all.map { line("stop", machine.machine, $0.range, "state", $0.state) }
    }
    return lines
  }

  private var partLines: [String] {
    classes.map { line("class", $0.key, question.range, "rejects", "\($0.value)") }
      + parts.rows.flatMap { part in
        let (item, moment) = ("\(part.camera) \(part.verdict.image)", part.time..<part.time)
        return [
          line("part", item, moment, "verdict", part.verdict.outcome.rawValue),
          line("part", item, moment, "score", part.verdict.score),
        ]
      }
  }

  private var measurementLines: [String] {
    measurements.flatMap { chart in
      let (item, range) = (chart.signal.description, question.range)
      return [
        line("measurement", item, range, "readings", "\(chart.readings)"),
        line("measurement", item, range, "outside", "\(chart.outside)"),
        line("measurement", item, range, "cp", chart.cp),
        line("measurement", item, range, "cpk", chart.cpk),
        line("measurement", item, range, "ppk", chart.ppk),
      ]
        + chart.subgroups.flatMap { subgroup in
          [
            line("subgroup", item, subgroup.piece, "mean", subgroup.mean),
            line("subgroup", item, subgroup.piece, "range", subgroup.range),
            line("subgroup", item, subgroup.piece, "rules", Self.words(subgroup.rules)),
          ]
        }
    }
  }

  private var courseLines: [String] {
    let points = PChart(course)?.points ?? []
    let shares = points.flatMap { point in
      [
        line("course", "", point.range, "rejectShare", point.share),
        line("course", "", point.range, "lowerLimit", point.lower),
        line("course", "", point.range, "upperLimit", point.upper),
        line("course", "", point.range, "rules", Self.words(point.rules)),
      ]
    }
    return shares
      + course.flatMap { piece in
        [
          line("course", "", piece.range, "parts", piece.parts.map { "\($0)" }),
          line(
            "course", "", piece.range, "inspected",
            piece.parts.map { _ in "\(piece.quality.inspected)" }),
          line(
            "course", "", piece.range, "rejects",
            piece.parts.map { _ in "\(piece.quality.rejects)" }),
        ]
      }
  }

  private var emissionLines: [String] {
    emissions.flatMap { sheet in
      (sheet.periods + sheet.days).flatMap { entry -> [String] in
        let (item, value) = ("\(sheet.outlet) \(sheet.factor)", entry.value)
        return [
          line("emission", item, entry.range, "mean", value?.mean),
          line("emission", item, entry.range, "converted", value?.converted),
          line("emission", item, entry.range, "flag", value?.flag.rawValue),
          line("emission", item, entry.range, "limit", value?.limit),
          line("emission", item, entry.range, "over", value?.isOverLimit.map { $0 ? "1" : "0" }),
          line("emission", item, entry.range, "total", value?.total),
        ]
      }
    }
  }

  private var alarmLines: [String] {
    guard let alarms else { return [] }
    let range = question.range
    return [line("alarms", "", range, "newAlarms", "\(alarms.newAlarms)")]
      + alarms.targets.map { line("alarms", "", range, $0.name, $0.value) }
      + alarms.topTen.map {
        line("alarms", "\($0.alarm) \($0.signal)", range, "newAlarms", "\($0.newAlarms)")
      }
      + open.map {
        let stretch = $0.time..<max($0.time, range.upperBound)
        return line("alarms", "\($0.alarm) \($0.signal)", stretch, "open", $0.to.rawValue)
      }
  }

  private var adjustmentLines: [String] {
    adjustments.flatMap { entry in
      let made = entry.made
      let stretch = made.time..<max(made.time, entry.undone?.time ?? question.range.upperBound)
      return [
        line("adjustment", made.action, stretch, "outcome", made.outcome.rawValue),
        line("adjustment", made.action, stretch, "value", made.value),
        line("adjustment", made.action, stretch, "previous", made.previous),
      ]
    }
  }

  private var captureLines: [String] {
    capture.signals.flatMap { signal in
      let (item, range) = (signal.signal.description, question.range)
      return [
        line("signal", item, range, "readings", "\(signal.readings)"),
        line("signal", item, range, "bad", "\(signal.bad)"),
        line("signal", item, range, "captured", signal.share),
      ] + signal.gaps.map { line("signal", item, $0, "gap", $0.duration.inSeconds) }
    } + silences.map { line("record", "", $0, "silence", $0.duration.inSeconds) }
      + capture.refused.map { line("record", $0.source, question.range, "refused", "\($0.count)") }
  }

  private static func words(_ rules: [NelsonRule]) -> String {
    rules.map(\.rawValue).joined(separator: " ")
  }

  private func line(
    _ section: String, _ item: String, _ range: Range<Timestamp>, _ figure: String, _ value: Double?
  ) -> String {
    line(section, item, range, figure) + (value.map { JSONText.number($0) } ?? "")
  }

  private func line(
    _ section: String, _ item: String, _ range: Range<Timestamp>, _ figure: String, _ value: String?
  ) -> String {
    line(section, item, range, figure) + (value.map(VerdictTable.cell) ?? "")
  }

  private func line(
    _ section: String, _ item: String, _ range: Range<Timestamp>, _ figure: String
  ) -> String {
    [
      section, VerdictTable.cell(item), "\(range.lowerBound)", "\(range.upperBound)",
      VerdictTable.cell(figure), "",
    ].joined(separator: ",")
  }
}
