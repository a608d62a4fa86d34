import FactoryModel
import Plant

extension ShiftReport {
  func captureSection(_ language: ReportLanguage) -> ReportDocument.Section? {
    guard !capture.signals.isEmpty else { return nil }
    let rows = capture.signals.map { signal -> [ReportDocument.Cell] in
      let isPoor = (signal.share ?? 1) < 0.95
      let longest = signal.gaps.map { $0.duration.inSeconds }.max()
      let isKnown = signal.interval != nil
      return [
        .init(signal.signal.description), .init("\(signal.readings)"),
        .init("\(signal.uncertain)"), .init("\(signal.bad)", signal.bad > 0 ? .warn : .plain),
        .init(share(signal.share), isPoor ? .warn : .plain),
        .init(isKnown ? "\(signal.gaps.count)" : "–"), .init(longest.map(length) ?? "–"),
      ]
    }
    let silences = silences.map(clock.range).joined(separator: ", ")
    let refused = capture.refused.map { "\($0.source) \($0.count)" }.joined(separator: ", ")
    return ReportDocument.Section(
      title: language.text("Data quality", "数据质量"),
      notes: [
        language.text(
          "Captured: share of expected intervals with a usable reading, where the site file gives "
            + "the interval. A gap is longer than two intervals.",
          "采集率：站点文件给出采样间隔时，有可用读数的间隔占比。间断指超过两个间隔无数据。")
      ]
        + (silences.isEmpty
          ? []
          : [language.text("Nothing was recorded: \(silences)", "没有任何记录的时段：\(silences)")])
        + (refused.isEmpty
          ? [] : [language.text("Refused as unreadable: \(refused)", "无法解析而拒收：\(refused)")]),
      tables: [
        ReportDocument.Table(
          columns: [
            language.text("signal", "信号"), language.text("readings", "读数"),
            language.text("uncertain", "存疑"), language.text("bad", "坏值"),
            language.text("captured", "采集率"), language.text("gaps", "间断"),
            language.text("longest gap", "最长间断"),
          ], rows: rows)
      ])
  }
}
