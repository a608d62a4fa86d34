import Alarms
import FactoryModel
import Plant

extension ShiftReport {
  /// One object; what is not known is `null`, moments are RFC 3339 in UTC.
  public var json: String {
    JSONText.object([
      ("plant", JSONText.string(plant)), ("name", JSONText.string(question.name)),
      ("from", text(question.range.lowerBound)), ("to", text(question.range.upperBound)),
      ("at", text(question.now)), ("production", json(production)),
      (
        "shifts",
        JSONText.list(shifts) { shift in
          JSONText.object([
            ("name", shift.run.name.map(JSONText.string) ?? "null"),
            ("from", text(shift.run.range.lowerBound)), ("to", text(shift.run.range.upperBound)),
            ("production", json(shift.production)),
          ])
        }
      ), ("inspected", "\(quality.inspected)"), ("rejects", "\(quality.rejects)"),
      ("yield", JSONText.number(quality.yield)), ("course", JSONText.list(course, json)),
      ("pChart", PChart(course).map(json) ?? "null"),
      (
        "classes",
        JSONText.list(classes) {
          JSONText.object([("class", JSONText.string($0.key)), ("rejects", "\($0.value)")])
        }
      ), ("partCount", "\(parts.count)"), ("parts", JSONText.list(parts.rows, json)),
      ("stations", JSONText.list(stations, json)),
      ("measurements", JSONText.list(measurements, json)),
      ("emissions", JSONText.list(emissions, json)), ("alarms", alarms?.json ?? "null"),
      ("openAlarms", JSONText.list(open, json)), ("stops", JSONText.list(stops, json)),
      ("adjustments", JSONText.list(adjustments, json)),
      ("signals", JSONText.list(capture.signals, json)),
      ("silences", JSONText.list(silences, json)),
      (
        "refused",
        JSONText.list(capture.refused) {
          JSONText.object([("source", JSONText.string($0.source)), ("count", "\($0.count)")])
        }
      ),
    ]) + "\n"
  }

  private func json(_ made: Production) -> String {
    JSONText.object([
      ("parts", "\(made.parts)"), ("plan", made.plan.map { "\($0)" } ?? "null"),
      ("taktSeconds", JSONText.number(made.taktSeconds)),
      ("cycleSeconds", JSONText.number(made.cycleSeconds)),
      ("oee", JSONText.number(made.oee?.value)),
      (
        "machines",
        JSONText.list(made.machines) { machine in
          JSONText.object([
            ("name", JSONText.string(machine.name)),
            ("runSeconds", JSONText.number(machine.runSeconds)),
            ("stopSeconds", JSONText.number(machine.stopSeconds)),
            ("unknownSeconds", JSONText.number(machine.unknownSeconds)),
            ("changeovers", "\(machine.changeovers)"),
            ("changeoverSeconds", JSONText.number(machine.changeoverSeconds)),
            ("availability", JSONText.number(machine.oee?.availability)),
            ("performance", JSONText.number(machine.oee?.performance)),
            ("quality", JSONText.number(machine.oee?.quality)),
            ("oee", JSONText.number(machine.oee?.value)),
          ])
        }
      ),
    ])
  }

  private func json(_ piece: CoursePiece) -> String {
    JSONText.object([
      ("from", text(piece.range.lowerBound)), ("to", text(piece.range.upperBound)),
      ("parts", piece.parts.map { "\($0)" } ?? "null"),
      ("inspected", piece.parts == nil ? "null" : "\(piece.quality.inspected)"),
      ("rejects", piece.parts == nil ? "null" : "\(piece.quality.rejects)"),
      ("yield", JSONText.number(piece.quality.yield)),
    ])
  }

  private func json(_ sheet: EmissionSheet) -> String {
    JSONText.object([
      ("outlet", JSONText.string(sheet.outlet)), ("factor", JSONText.string(sheet.factor)),
      ("unit", JSONText.string(sheet.unit)), ("limit", JSONText.number(sheet.limit)),
      ("dayLimit", JSONText.number(sheet.dayLimit)),
      ("exceedances", "\(sheet.exceedances.count)"), ("missing", "\(sheet.missing.count)"),
      ("kilograms", JSONText.number(sheet.mass?.kilograms)),
      ("periods", JSONText.list(sheet.periods, json)), ("days", JSONText.list(sheet.days, json)),
    ])
  }

  private func json(_ entry: EmissionSheet.Entry) -> String {
    let value = entry.value
    return JSONText.object([
      ("from", text(entry.range.lowerBound)), ("to", text(entry.range.upperBound)),
      ("isMissing", value?.mean == nil ? "true" : "false"),
      ("mean", JSONText.number(value?.mean)), ("converted", JSONText.number(value?.converted)),
      ("flag", value.map { JSONText.string($0.flag.rawValue) } ?? "null"),
      ("limit", JSONText.number(value?.limit)),
      ("isOverLimit", value?.isOverLimit.map { $0 ? "true" : "false" } ?? "null"),
      ("capturePercent", JSONText.number(value?.capturePercent)),
      ("total", JSONText.number(value?.total)),
    ])
  }

  private func json(_ alarm: AlarmTransition) -> String {
    JSONText.object([
      ("alarm", JSONText.string(alarm.alarm)), ("signal", JSONText.string(alarm.signal)),
      ("state", JSONText.string(alarm.to.rawValue)), ("since", text(alarm.time)),
      ("value", JSONText.number(alarm.value)), ("limit", JSONText.number(alarm.limit)),
    ])
  }

  private func json(_ stops: Stops) -> String {
    JSONText.object([
      ("machine", JSONText.string(stops.machine)),
      (
        "stops",
        JSONText.list(stops.all) { stop in
          JSONText.object([
            ("state", JSONText.string(stop.state)), ("from", text(stop.range.lowerBound)),
            ("to", text(stop.range.upperBound)),
          ])
        }
      ),
    ])
  }

  private func json(_ signal: SignalCapture) -> String {
    JSONText.object([
      ("signal", JSONText.string(signal.signal.description)), ("readings", "\(signal.readings)"),
      ("uncertain", "\(signal.uncertain)"), ("bad", "\(signal.bad)"),
      ("captured", JSONText.number(signal.share)), ("gaps", JSONText.list(signal.gaps, json)),
    ])
  }

  private func json(_ range: Range<Timestamp>) -> String {
    JSONText.object([("from", text(range.lowerBound)), ("to", text(range.upperBound))])
  }

  func text(_ time: Timestamp) -> String { JSONText.string(time.description) }
}
