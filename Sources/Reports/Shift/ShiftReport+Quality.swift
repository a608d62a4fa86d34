import Alarms
import FactoryModel
import Plant

extension ShiftReport {
  func qualitySection(_ language: ReportLanguage) -> ReportDocument.Section? {
    guard let chart = PChart(course) else { return nil }
    let patterns = chart.points.filter { !$0.rules.isEmpty }.map { point in
      "\(clock.moment(point.range.lowerBound)) \(names(of: point.rules, language))"
    }
    return ReportDocument.Section(
      title: language.text("Yield", "质量"),
      notes: [
        language.text(
          "Reject rate of each stretch with control limits p̄ ± 3·√(p̄(1 − p̄)/n), p̄ = ",
          "各时段不合格率及控制限 p̄ ± 3·√(p̄(1 − p̄)/n)，p̄ = ") + share(chart.mean),
        patterns.isEmpty
          ? language.text("No pattern of Nelson's rules 1 to 4.", "未出现 Nelson 准则 1–4 的异常。")
          : language.text("Nelson's rules: ", "Nelson 准则：") + Self.list(patterns, most: 12),
      ],
      charts: [PChartPicture.svg(chart, over: question.range, clock, language)]
        + (classes.isEmpty ? [] : [ParetoChart.svg(classes)]),
      tables: [courseTable(chart, language)])
  }

  private func courseTable(
    _ chart: PChart, _ language: ReportLanguage
  ) -> ReportDocument.Table {
    let missing = ReportDocument.Cell(language.text("missing", "缺失"), .warn)
    let countsParts = !stations.isEmpty
    let rows = course.map { piece -> [ReportDocument.Cell] in
      let point = chart.points.first { $0.range == piece.range }
      let inspected = piece.parts.map { _ in ReportDocument.Cell("\(piece.quality.inspected)") }
      let made = piece.parts.map { ReportDocument.Cell("\($0)") } ?? missing
      return [.init(clock.range(piece.range))] + (countsParts ? [made] : []) + [
        inspected ?? (countsParts ? .init("–") : missing),
        .init(point == nil ? "–" : "\(piece.quality.rejects)"), .init(share(piece.quality.yield)),
        .init(share(point?.share), point?.rules.isEmpty == false ? .bad : .plain),
        .init(share(point?.lower)), .init(share(point?.upper)),
      ]
    }
    return ReportDocument.Table(
      columns: [
        language.text("time", "时间")
      ] + (countsParts ? [language.text("parts", "产量")] : []) + [
        language.text("inspected", "检验"), language.text("rejects", "不合格"),
        language.text("yield", "合格率"), language.text("reject rate", "不合格率"),
        language.text("lower limit", "下限"), language.text("upper limit", "上限"),
      ], rows: rows)
  }

  /// Pictures of the worst rejects, and the parts that did not pass.
  func rejectSection(
    _ language: ReportLanguage, _ pictures: RejectPictures?
  ) -> ReportDocument.Section? {
    guard parts.count > 0 else { return nil }
    let drawn = pictures?.pictures(of: parts.worst) ?? []
    let figures = zip(parts.worst, drawn).map { reject, picture in
      (picture: picture, caption: caption(of: reject))
    }
    let failed = parts.rows.filter { $0.verdict.outcome != .pass }
    let counts = Outcome.allCases.map { outcome in
      "\(name(of: outcome, language)) \(parts.rows.count { $0.verdict.outcome == outcome })"
    }
    let all = language.text("\(parts.count) parts: ", "共 \(parts.count) 件：")
    let cut = parts.count > parts.rows.count || failed.count > Self.listedParts
    return ReportDocument.Section(
      title: language.text("Inspected parts", "检验零件"),
      notes: [
        all + counts.joined(separator: ", "),
        cut
          ? language.text(
            "The list shows the first \(Self.listedParts) that did not pass; CSV and JSON have "
              + "the first \(InspectedParts.mostRows) parts.",
            "列表仅含前 \(Self.listedParts) 个未通过的零件；CSV 与 JSON 含前 \(InspectedParts.mostRows) 件。")
          : language.text(
            "The list shows those that did not pass; CSV and JSON have all.",
            "列表仅含未通过的零件；CSV 与 JSON 含全部。"),
      ],
      figures: figures,
      tables: failed.isEmpty ? [] : [partTable(failed.prefix(Self.listedParts), language)])
  }

  private static let listedParts = 500

  private func caption(of reject: CameraVerdict) -> String {
    let score = (reject.verdict.score ?? 0).fixed(digits: 2)
    let classes = reject.verdict.classes.joined(separator: ", ")
    return "\(score) · \(classes) · \(reject.camera) · \(clock.moment(reject.time)) · "
      + reject.verdict.image
  }

  private func partTable(
    _ rows: ArraySlice<CameraVerdict>, _ language: ReportLanguage
  ) -> ReportDocument.Table {
    ReportDocument.Table(
      columns: [
        language.text("time", "时间"), language.text("camera", "相机"),
        language.text("image", "图像"), language.text("verdict", "判定"),
        language.text("classes", "缺陷类别"), language.text("score", "得分"),
      ],
      rows: rows.map { part in
        [
          .init(clock.moment(part.time)), .init(part.camera), .init(part.verdict.image),
          .init(
            name(of: part.verdict.outcome, language),
            part.verdict.outcome == .reject ? .bad : .warn),
          .init(part.verdict.classes.joined(separator: ", ")),
          .init(part.verdict.score.map { $0.fixed(digits: 2) } ?? "–"),
        ]
      }, wordColumns: 5, caption: language.text("Parts that did not pass", "未通过的零件"))
  }

  private func name(of outcome: Outcome, _ language: ReportLanguage) -> String {
    switch outcome {
    case .pass: language.text("passed", "合格")
    case .reject: language.text("rejected", "不合格")
    case .unsure: language.text("unsure", "存疑")
    case .error: language.text("not inspected", "未检验")
    }
  }

  /// Nelson's rules by number and in words.
  func names(of rules: [NelsonRule], _ language: ReportLanguage) -> String {
    rules.map { name(of: $0, language) }.joined(separator: ", ")
  }

  private func name(of rule: NelsonRule, _ language: ReportLanguage) -> String {
    switch rule {
    case .beyondThreeSigma: language.text("1 (beyond 3σ)", "1（超出 3σ）")
    case .nineOnOneSide: language.text("2 (nine on one side)", "2（连续九点同侧）")
    case .sixTrending: language.text("3 (six rising or falling)", "3（连续六点递增或递减）")
    case .fourteenAlternating: language.text("4 (fourteen alternating)", "4（连续十四点交替）")
    case .twoOfThreeBeyondTwoSigma: language.text("5 (two of three beyond 2σ)", "5（三点中两点超出 2σ）")
    case .fourOfFiveBeyondOneSigma: language.text("6 (four of five beyond 1σ)", "6（五点中四点超出 1σ）")
    case .fifteenWithinOneSigma: language.text("7 (fifteen within 1σ)", "7（连续十五点在 1σ 内）")
    case .eightBeyondOneSigma: language.text("8 (eight beyond 1σ)", "8（连续八点在 1σ 外）")
    }
  }

  /// The first of some texts, and `…` for the others.
  static func list(_ texts: [String], most: Int) -> String {
    texts.prefix(most).joined(separator: "; ") + (texts.count > most ? " …" : "")
  }
}
