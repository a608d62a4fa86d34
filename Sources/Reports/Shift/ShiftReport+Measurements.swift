import Alarms
import FactoryModel
import Plant

extension ShiftReport {
  /// Control charts and capability of the signals with a specification.
  func measurementSection(_ language: ReportLanguage) -> ReportDocument.Section? {
    guard let first = measurements.first else { return nil }
    let charted = measurements.filter { $0.subgroups.count > 1 }
      .sorted { ($0.cpk ?? .infinity) < ($1.cpk ?? .infinity) }
    let minutes = Int(first.piece.inSeconds / 60)
    let size = MeasurementChart.size
    var tables = [capabilityTable(language)]
    let violations = violationTable(charted, language)
    if !violations.rows.isEmpty { tables.append(violations) }
    return ReportDocument.Section(
      title: language.text("Measurements", "测量"),
      notes: [
        language.text(
          "A subgroup is the first \(size) usable readings of each \(minutes) minutes. Limits: "
            + "X̿ ± 3·σ̂/√\(size) with σ̂ = R̄/2.326, R ≤ 2.114·R̄. Cp and Cpk with σ̂, Ppk with "
            + "the standard deviation of all readings.",
          "子组为每 \(minutes) 分钟的前 \(size) 个有效读数。控制限：X̿ ± 3·σ̂/√\(size)，σ̂ = R̄/2.326，"
            + "R ≤ 2.114·R̄。Cp、Cpk 用 σ̂，Ppk 用全部读数的标准差。")
      ]
        + (charted.count > Self.chartedSignals
          ? [
            language.text(
              "Charts of the \(Self.chartedSignals) least capable signals.",
              "仅绘制能力最低的 \(Self.chartedSignals) 个信号。")
          ] : []),
      charts: charted.prefix(Self.chartedSignals).map {
        MeasurementPicture.svg($0, over: question.range, clock, language)
      }, tables: tables)
  }

  private static let chartedSignals = 12

  private func capabilityTable(_ language: ReportLanguage) -> ReportDocument.Table {
    let rows = measurements.map { chart -> [ReportDocument.Cell] in
      let isPoor = chart.cpk.map { $0 < Self.capable } ?? false
      return [
        .init(chart.signal.description), .init(number(chart.specification.low)),
        .init(number(chart.specification.high)), .init("\(chart.readings)"),
        .init("\(chart.outside)", chart.outside > 0 ? .bad : .plain),
        .init(chart.measured(chart.overallMean)), .init(chart.measured(chart.sigma)),
        .init(fixed(chart.cp)),
        .init(fixed(chart.cpk), isPoor ? .bad : .plain),
        .init(fixed(chart.ppk), (chart.ppk ?? .infinity) < Self.capable ? .warn : .plain),
        .init("\(chart.violations.count)", chart.violations.isEmpty ? .plain : .warn),
      ]
    }
    return ReportDocument.Table(
      columns: [
        language.text("signal", "信号"), language.text("low", "下限"), language.text("high", "上限"),
        language.text("readings", "读数"), language.text("outside", "超差"),
        language.text("mean", "均值"), "σ̂", "Cp", "Cpk", "Ppk",
        language.text("rule violations", "判异"),
      ], rows: rows)
  }

  /// A process with a smaller Cpk is not capable, by custom.
  static let capable = 1.33

  private func violationTable(
    _ charts: [MeasurementChart], _ language: ReportLanguage
  ) -> ReportDocument.Table {
    let rows = charts.flatMap { chart in
      chart.violations.map { subgroup -> [ReportDocument.Cell] in
        let wide =
          chart.isWide(subgroup) ? [language.text("range beyond its limit", "极差超出控制限")] : []
        let means = subgroup.rules.isEmpty ? [] : [names(of: subgroup.rules, language)]
        return [
          .init(chart.signal.description), .init(clock.moment(subgroup.piece.lowerBound)),
          .init((means + wide).joined(separator: ", "), .warn),
          .init(chart.measured(subgroup.mean)), .init(chart.measured(subgroup.range)),
        ]
      }
    }
    let caption = language.text("Violations of Nelson's rules", "违反 Nelson 准则")
    let isCut = rows.count > Self.listedViolations
    return ReportDocument.Table(
      columns: [
        language.text("signal", "信号"), language.text("time", "时间"),
        language.text("rule", "准则"), language.text("mean", "均值"), language.text("range", "极差"),
      ], rows: Array(rows.prefix(Self.listedViolations)), wordColumns: 3,
      caption: isCut
        ? caption
          + language.text(
            ", the first \(Self.listedViolations) of \(rows.count)",
            "（\(rows.count) 条中的前 \(Self.listedViolations) 条）") : caption)
  }

  private static let listedViolations = 60

  private func fixed(_ value: Double?) -> String { value.map { $0.fixed(digits: 2) } ?? "–" }
}

extension MeasurementChart {
  /// A value as exact as the signal's spread asks for, `–` for none.
  fileprivate func measured(_ value: Double?) -> String {
    value.map { Format.fixed($0, within: sigma ?? 0) } ?? "–"
  }
}
