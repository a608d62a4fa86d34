import Emissions
import FactoryModel
import Foundation
import Plant
import Reports
import Storage
import TestSupport

/// A day, 1970-01-02 in UTC, of a plant that was not recorded from 10:00 to 12:00.
struct ReportedDay {
  static let day = Timestamp(seconds: 86_400)..<Timestamp(seconds: 172_800)
  static let hostile = "<script>alert(1)</script>"

  let folder = TemporaryFolder()
  let layout: PlantLayout
  let file: RecordFile

  init() throws {
    layout = try Self.layout()
    file = try RecordFile(path: folder.file("gemba.sqlite"), for: .write)
  }

  var record: PlantRecord { PlantRecord(layout, file) }

  /// The report of the day after it ended, or at another moment.
  func report(at now: Timestamp = day.upperBound + .seconds(3_600)) throws -> ShiftReport {
    try ShiftReport(
      record,
      .init(
        name: "day", range: Self.day, now: now,
        descriptions: [
          SignalDescription(
            pattern: SignalPattern("oven.temp{*}"), interval: .seconds(60))
        ], priorities: ["hot": .high]))
  }

  private static func layout() throws -> PlantLayout {
    var layout = PlantLayout()
    layout.name = "Plant & Sons"
    layout.shifts = [
      Shift(name: "early", startMinute: 360, endMinute: 840, breaks: [600..<630]),
      Shift(name: "late", startMinute: 840, endMinute: 1_320, breaks: []),
    ]
    layout.plan = [PlannedQuantity(quantity: 400)]
    layout.parts = [
      PartSource(
        station: "press", signal: try SignalPattern("parts.made"), counting: .event,
        isOutput: true)
    ]
    layout.machines = [
      Machine(
        name: "Press", station: "press", state: try SignalPattern("press.state"),
        running: ["running"], idealCycleSeconds: 50, signals: [])
    ]
    var outlet = EmissionOutlet(
      name: "stack 1",
      pollutants: [
        .init(factor: "a21026", signal: SignalName(path: "cems.so2"), limit: 35)
      ])
    outlet.zoneOffsetSeconds = 0
    layout.outlets = [outlet]
    return layout
  }

  /// Whether something was recorded in an hour of the day.
  static func isRecorded(_ hour: Int) -> Bool { hour != 10 && hour != 11 }

  /// Writes the day.
  func fill() throws {
    var table = SignalTable()
    let made = table.id(of: SignalName(path: "parts.made"))
    let state = table.id(of: SignalName(path: "press.state"))
    let reject = table.id(of: SignalName(path: "inspection.reject", tags: [.init("camera", "1")]))
    let oven = table.id(of: SignalName(path: "oven.temp", tags: [.init("id", Self.hostile)]))
    var batch = SampleBatch()
    func add(_ id: SignalID, _ second: Int, _ value: Double) {
      let time = (86_400 + Int64(second)) * 1_000_000_000
      batch.append(id, time: time, value: value, quality: .good)
    }
    for minute in 0..<1_440 where Self.isRecorded(minute / 60) {
      add(oven, minute * 60, 80 + Double(minute % 7))
      guard (360..<1_320).contains(minute) else { continue }
      add(made, minute * 60 + 5, 1)
      // Every tenth part is a reject, from 15:00 to 16:00 every second.
      let every = minute / 60 == 15 ? 2 : 10
      add(reject, minute * 60 + 6, minute % every == 0 ? 1 : 0)
    }
    for (hour, word) in [(6, "running"), (8, "setup"), (9, "running"), (22, "off")] {
      add(state, hour * 3_600, table.value(of: word, in: state))
    }
    var writer = try SampleWriter(file)
    writer.append(batch)
    try writer.commit(table, with: RecordEntries(transitions: transitions, periods: periods))
  }

  /// Writes the emission periods of the day alone, as they stay when samples are dropped by age.
  func fillPeriodsAlone() throws {
    var writer = try SampleWriter(file)
    try writer.commit(SignalTable(), with: RecordEntries(periods: periods))
  }

  private var periods: [PeriodValue] {
    let signal = layout.outlets[0].signal("a21026")
    return (0..<24).filter(Self.isRecorded).map { hour in
      let start = Self.day.lowerBound + .seconds(hour * 3_600)
      let mean = hour == 4 ? 40.0 : 20 + Double(hour % 5)
      return PeriodValue(
        signal: signal, kind: .hour, start: start, end: start + .seconds(3_600), mean: mean,
        total: 0.5, converted: mean + 1, count: hour == 7 ? 30 : 60,
        flag: hour == 7 ? .tooFew : .normal, capturePercent: hour == 7 ? 50 : 100, limit: 35)
    }
  }

  private var transitions: [AlarmTransition] {
    (0..<5).map { place in
      let isComing = place % 2 == 0
      return AlarmTransition(
        serial: Int64(place + 1), time: Self.day.lowerBound + .seconds(3_600 * (place + 1)),
        alarm: "hot", signal: "oven.temp{id=\(Self.hostile)}",
        from: isComing ? .normal : .unacknowledged, to: isComing ? .unacknowledged : .normal,
        value: 95, limit: 90)
    }
  }
}
