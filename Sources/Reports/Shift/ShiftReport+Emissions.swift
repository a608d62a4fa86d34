import FactoryModel
import Plant

extension ShiftReport {
  func emissionSection(_ language: ReportLanguage) -> ReportDocument.Section? {
    guard !emissions.isEmpty else { return nil }
    var tables = [complianceTable(language)]
    tables += emissions.filter { !$0.days.isEmpty }.map {
      table($0.days, of: $0, caption: language.text("days", "日均值"), language)
    }
    let isCut = emissions.reduce(0) { $0 + $1.periods.count } > Self.listedPeriods
    tables += emissions.compactMap { sheet in
      let caption =
        sheet.kind == .halfHour
        ? language.text("half-hours", "半小时均值") : language.text("hours", "小时均值")
      let shown = isCut ? sheet.periods.filter(\.isNotable) : sheet.periods
      return isCut && shown.isEmpty ? nil : table(shown, of: sheet, caption: caption, language)
    }
    return ReportDocument.Section(
      title: language.text("Emissions", "排放"),
      notes: [
        language.text(
          "Limits are judged on the converted mean. N normal, D abnormal, X too few values "
            + "(not judged). A missing mean is not zero.",
          "按折算均值判定超标。N 正常，D 异常，X 数据不足（不判定）。缺失的均值不是零。")
      ]
        + (isCut || emissions.count > Self.chartedSheets
          ? [
            language.text(
              "Too many means for a page: charts of the \(Self.chartedSheets) factors with most "
                + "exceedances, and only means over the limit, not valid or missing. CSV and JSON "
                + "have all.",
              "均值过多：仅绘制超标最多的 \(Self.chartedSheets) 个因子，列表仅含超标、无效或缺失的均值。CSV 与 JSON 含全部。"
            )
          ] : []),
      charts: charted.map { EmissionChart.svg($0, over: question.range, clock, language) },
      tables: tables)
  }

  /// Longer lists of means are cut to what needs a look.
  private static let listedPeriods = 20_000
  private static let chartedSheets = 24

  /// Those with charts; where they are too many, those with most exceedances and missing means.
  private var charted: [EmissionSheet] {
    let sheets = emissions.filter { !$0.periods.isEmpty }
    guard sheets.count > Self.chartedSheets else { return sheets }
    let order = sheets.map { ($0, $0.exceedances.count, $0.missing.count) }.sorted {
      ($0.1, $0.2) > ($1.1, $1.2)
    }
    return order.prefix(Self.chartedSheets).map(\.0)
  }

  private func complianceTable(_ language: ReportLanguage) -> ReportDocument.Table {
    let rows = emissions.map { sheet -> [ReportDocument.Cell] in
      let over = sheet.exceedances.count
      let invalid = sheet.periods.count { $0.value?.mean != nil && $0.value?.flag == .tooFew }
      let missing = sheet.missing.count
      return [
        .init(sheet.outlet), .init(Pollutants.name(sheet.factor)),
        .init(number(sheet.limit) + " " + sheet.unit), .init("\(sheet.periods.count)"),
        .init("\(over)", over > 0 ? .bad : .plain),
        .init("\(invalid)", invalid > 0 ? .warn : .plain),
        .init("\(missing)", missing > 0 ? .warn : .plain),
        .init(
          sheet.mass.map { "\(number($0.kilograms)) (\($0.periods))" } ?? "–"),
      ]
    }
    return ReportDocument.Table(
      columns: [
        language.text("outlet", "排口"), language.text("factor", "因子"),
        language.text("limit", "限值"), language.text("means due", "应有均值"),
        language.text("over limit", "超标"), language.text("not valid", "无效"),
        language.text("missing", "缺失"), language.text("kg (of so many means)", "kg（均值个数）"),
      ], rows: rows, wordColumns: 3)
  }

  private func table(
    _ entries: [EmissionSheet.Entry], of sheet: EmissionSheet, caption: String,
    _ language: ReportLanguage
  ) -> ReportDocument.Table {
    let missing = language.text("missing", "缺失")
    let rows = entries.map { entry -> [ReportDocument.Cell] in
      let time = ReportDocument.Cell(clock.range(entry.range))
      guard let value = entry.value, value.mean != nil else {
        let dashes = (0..<5).map { _ in ReportDocument.Cell("–") }
        return [time, .init(missing, .warn)] + dashes + [.init("")]
      }
      let isOver = value.isOverLimit == true
      return [
        time, .init(value.flag.rawValue, value.flag == .normal ? .plain : .warn),
        .init(number(value.mean)), .init(number(value.converted), isOver ? .bad : .plain),
        .init(number(value.limit)), .init(share(value.capturePercent / 100)),
        .init(number(value.total)),
        .init(isOver ? language.text("over", "超标") : "", isOver ? .bad : .plain),
      ]
    }
    return ReportDocument.Table(
      columns: [
        language.text("time", "时间"), language.text("flag", "标记"), language.text("mean", "均值"),
        language.text("converted", "折算"), language.text("limit", "限值"),
        language.text("captured", "采集率"), "kg", language.text("exceedance", "超标"),
      ], rows: rows, wordColumns: 2,
      caption: "\(sheet.outlet), \(Pollutants.name(sheet.factor)), \(sheet.unit): \(caption)")
  }

  /// A number without needless digits, `–` for none.
  func number(_ value: Double?) -> String { value.map { Format.short($0) } ?? "–" }
}

extension EmissionSheet.Entry {
  /// Whether it is over its limit, not valid or missing.
  fileprivate var isNotable: Bool {
    value?.mean == nil || value?.isOverLimit == true || value?.flag != .normal
  }
}
