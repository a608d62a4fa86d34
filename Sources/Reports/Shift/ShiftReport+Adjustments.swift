import FactoryModel
import Plant

/// What the monitor wrote to the process.
extension ShiftReport {
  func adjustmentSection(_ language: ReportLanguage) -> ReportDocument.Section? {
    guard !adjustments.isEmpty else { return nil }
    let listed = adjustments.suffix(Self.listedAdjustments)
    let rows = listed.map { entry -> [ReportDocument.Cell] in
      let made = entry.made
      let isBad = made.outcome == .failed
      return [
        .init(clock.moment(made.time)), .init(entry.machine ?? "–"), .init(made.action),
        .init("\(made.alarm), \(made.signal)"), .init(made.output),
        .init(name(of: made.outcome, language), isBad ? .bad : .plain),
        .init(end(of: entry, language), entry.isInForce ? .warn : .plain),
        .init(made.comment ?? ""), .init(number(made.value)), .init(number(made.previous)),
      ]
    }
    return ReportDocument.Section(
      title: language.text("Adjustments of the process", "工艺调整"),
      notes: [
        language.text(
          "What the monitor wrote, or held back, because of an alarm.", "监控程序因报警写入或未写入工艺的值。")
      ]
        + (listed.count < adjustments.count
          ? [
            language.text(
              "The last \(listed.count) of \(adjustments.count); JSON has all.",
              "共 \(adjustments.count) 次，仅列最后 \(listed.count) 次；JSON 含全部。")
          ] : []),
      tables: [
        ReportDocument.Table(
          columns: [
            language.text("time", "时间"), language.text("machine", "设备"),
            language.text("action", "动作"), language.text("because of", "原因"),
            language.text("output", "输出"), language.text("outcome", "结果"),
            language.text("taken back", "撤销"), language.text("comment", "备注"),
            language.text("written", "写入值"), language.text("before", "原值"),
          ], rows: rows, wordColumns: 8)
      ])
  }

  private static let listedAdjustments = 200

  /// Says of adjustments that hold at the end, and of those that failed, that they need a person.
  func adjustmentItems(
    _ language: ReportLanguage
  ) -> [(text: String, mood: ReportDocument.Mood)] {
    let holding = adjustments.filter(\.isInForce)
    let failed = adjustments.filter { $0.made.outcome == .failed || $0.undone?.outcome == .failed }
    func names(_ entries: [AdjustmentStretch]) -> String {
      Self.list(entries.map { "\($0.made.action) (\($0.made.output))" }, most: 5)
    }
    var items: [(text: String, mood: ReportDocument.Mood)] = []
    if !holding.isEmpty {
      items.append(
        (
          language.text("Adjustments in force at the end: ", "期末仍有效的工艺调整：") + names(holding), .warn
        ))
    }
    if !failed.isEmpty {
      items.append((language.text("Adjustments that failed: ", "失败的工艺调整：") + names(failed), .bad))
    }
    return items
  }

  func json(_ entry: AdjustmentStretch) -> String {
    let made = entry.made
    return JSONText.object([
      ("time", text(made.time)), ("machine", entry.machine.map(JSONText.string) ?? "null"),
      ("action", JSONText.string(made.action)), ("alarm", JSONText.string(made.alarm)),
      ("signal", JSONText.string(made.signal)), ("output", JSONText.string(made.output)),
      ("value", JSONText.number(made.value)), ("previous", JSONText.number(made.previous)),
      ("outcome", JSONText.string(made.outcome.rawValue)),
      ("comment", made.comment.map(JSONText.string) ?? "null"),
      ("isInForce", entry.isInForce ? "true" : "false"),
      ("undone", entry.undone.map { text($0.time) } ?? "null"),
      ("undoneOutcome", entry.undone.map { JSONText.string($0.outcome.rawValue) } ?? "null"),
    ])
  }

  private func end(of entry: AdjustmentStretch, _ language: ReportLanguage) -> String {
    if entry.isInForce { return language.text("in force", "仍有效") }
    guard let undone = entry.undone else { return "–" }
    guard undone.kind == .undo else { return language.text("made anew", "重新调整") }
    return [clock.moment(undone.time), name(of: undone.outcome, language), undone.comment ?? ""]
      .joined(separator: " ")
  }

  private func name(of outcome: AdjustmentLine.Outcome, _ language: ReportLanguage) -> String {
    switch outcome {
    case .pending: language.text("on its way", "写入中")
    case .written: language.text("written", "已写入")
    case .dryRun: language.text("dry run", "试运行")
    case .delayed: language.text("delayed", "延后")
    case .held: language.text("held back", "未执行")
    case .overtaken: language.text("overtaken", "被取代")
    case .failed: language.text("failed", "失败")
    }
  }
}
