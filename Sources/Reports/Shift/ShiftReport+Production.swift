import FactoryModel
import Plant

extension ShiftReport {
  func productionSection(_ language: ReportLanguage) -> ReportDocument.Section? {
    guard !production.machines.isEmpty || !stations.isEmpty else { return nil }
    var tables: [ReportDocument.Table] = []
    if !stations.isEmpty { tables.append(shiftTable(language)) }
    if !production.machines.isEmpty { tables.append(machineTable(language)) }
    if stations.count > 1 { tables.append(stationTable(language)) }
    return ReportDocument.Section(
      title: language.text("Production", "生产"), tables: tables)
  }

  private func shiftTable(_ language: ReportLanguage) -> ReportDocument.Table {
    func row(_ name: String, _ made: Production) -> [ReportDocument.Cell] {
      let reached = made.plan.flatMap { $0 > 0 ? Double(made.parts) / Double($0) : nil }
      return [
        .init(name), .init("\(made.parts)"), .init(made.plan.map { "\($0)" } ?? "–"),
        .init(share(reached)), .init(seconds(made.taktSeconds)), .init(seconds(made.cycleSeconds)),
        .init(share(made.oee?.value)),
      ]
    }
    var rows = shifts.map { shift in
      row("\(clock.range(shift.run.range)) \(shift.run.name ?? "")", shift.production)
    }
    if rows.count != 1 { rows.append(row(language.text("all", "合计"), production)) }
    return ReportDocument.Table(
      columns: [
        language.text("shift", "班次"), language.text("parts", "产量"),
        language.text("plan", "计划"), language.text("reached", "完成率"),
        language.text("takt s", "节拍 秒"), language.text("cycle s", "周期 秒"), "OEE",
      ], rows: rows)
  }

  private func machineTable(_ language: ReportLanguage) -> ReportDocument.Table {
    let rows = production.machines.map { machine -> [ReportDocument.Cell] in
      let oee = machine.oee
      return [
        .init(machine.name), .init(length(machine.runSeconds)), .init(length(machine.stopSeconds)),
        .init("\(machine.changeovers) · \(length(machine.changeoverSeconds))"),
        .init(length(machine.unknownSeconds), machine.unknownSeconds >= 1 ? .warn : .plain),
        .init(share(oee?.availability)), .init(share(oee?.performance)),
        .init(share(oee?.quality)), .init(share(oee?.value)),
      ]
    }
    return ReportDocument.Table(
      columns: [
        language.text("machine", "设备"), language.text("run", "运行"), language.text("stop", "停机"),
        language.text("of it changeover", "其中换型"), language.text("not known", "未知"),
        language.text("availability", "时间利用率"),
        language.text("performance", "性能"), language.text("quality", "质量"), "OEE",
      ], rows: rows)
  }

  private func stationTable(_ language: ReportLanguage) -> ReportDocument.Table {
    ReportDocument.Table(
      columns: [
        language.text("station", "工位"), language.text("parts", "产量"),
        language.text("waiting before it", "待加工"),
      ],
      rows: stations.map {
        [.init($0.station), .init("\($0.parts)"), .init($0.waiting.map { "\($0)" } ?? "–")]
      })
  }

  /// The longest stops of all machines that were no changeovers.
  func stopItems(
    _ language: ReportLanguage
  ) -> [(text: String, mood: ReportDocument.Mood)] {
    let long = stops.flatMap { machine in
      machine.all.filter { !$0.isChangeover && $0.range.duration >= Self.longStop }.map {
        (machine: machine.machine, stop: $0)
      }
    }
    guard !long.isEmpty else { return [] }
    let names = long.sorted { $0.stop.range.duration > $1.stop.range.duration }.map { entry in
      "\(entry.machine) \(length(entry.stop.range.duration.inSeconds)) "
        + "(\(clock.range(entry.stop.range)))"
    }
    let heading = language.text("Stood for long: ", "长时间停机：")
    return [(heading + Self.list(names, most: 5), .warn)]
  }

  /// Shorter stops do not stand in the summary.
  private static let longStop = Duration.seconds(600)

  func stopSection(_ language: ReportLanguage) -> ReportDocument.Section? {
    let known = stops.filter { !$0.all.isEmpty }
    guard !known.isEmpty else { return nil }
    let rows = known.flatMap { machine in
      machine.all.prefix(10).map { stop -> [ReportDocument.Cell] in
        [
          .init(machine.machine), .init(stop.state), .init(clock.range(stop.range)),
          .init(length(stop.range.duration.inSeconds)),
        ]
      }
    }
    return ReportDocument.Section(
      title: language.text("Downtime", "停机"),
      notes: [
        language.text(
          "The ten longest stops of each machine, breaks included.",
          "各设备最长的十次停机（含休息时间）。")
      ],
      tables: [
        ReportDocument.Table(
          columns: [
            language.text("machine", "设备"), language.text("state", "状态"),
            language.text("time", "时间"), language.text("length", "时长"),
          ], rows: rows, wordColumns: 3)
      ])
  }

  /// Hours, minutes and seconds: `7:05:00`.
  func length(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(whole / 3_600):\(two(whole / 60 % 60)):\(two(whole % 60))"
  }

  private func seconds(_ value: Double?) -> String { value.map { $0.fixed(digits: 1) } ?? "–" }
}
