import Alarms
import FactoryModel
import Plant

/// The first screenful: what happened and what needs a person.
extension ShiftReport {
  /// Whether the record has no reading of the range at all.
  var isEmpty: Bool {
    capture.signals.allSatisfy { $0.readings == 0 }
      && emissions.allSatisfy { $0.periods.allSatisfy { $0.value?.mean == nil } }
  }

  /// Silences less the emission periods inside them that have a mean: their samples have been
  /// dropped by age, not lost.
  var silences: [Range<Timestamp>] {
    guard !capture.silences.isEmpty else { return [] }
    let known = Set(emissions.flatMap(\.periods).filter { $0.value?.mean != nil }.map(\.range))
    return capture.silences.flatMap { silence in
      silence.without(known.filter { $0.clamped(to: silence) == $0 })
    }
  }

  func tiles(
    _ language: ReportLanguage
  ) -> [(value: String, name: String, mood: ReportDocument.Mood)] {
    let over = emissions.reduce(0) { $0 + $1.exceedances.count }
    let missing = emissions.reduce(0) { $0 + $1.missing.count }
    var tiles: [(value: String, name: String, mood: ReportDocument.Mood)] = []
    if !stations.isEmpty {
      let plan = production.plan.map { " / \($0)" } ?? ""
      let parts = isEmpty ? "–" : "\(production.parts)"
      tiles.append((parts + plan, language.text("parts", "产量"), .plain))
    }
    if !production.machines.isEmpty { tiles.append((share(production.oee?.value), "OEE", .plain)) }
    if quality.inspected > 0 || hasCameras {
      let rejects = quality.inspected > 0 ? "\(quality.rejects)" : "–"
      tiles.append((share(quality.yield), language.text("yield", "合格率"), .plain))
      tiles.append((rejects, language.text("rejects", "不合格"), .plain))
    }
    tiles += [
      ("\(alarms?.newAlarms ?? 0)", language.text("new alarms", "新报警"), .plain),
      ("\(open.count)", language.text("alarms open", "未关闭报警"), open.isEmpty ? .plain : .bad),
    ]
    if !emissions.isEmpty {
      tiles.append(
        (
          "\(over)", language.text("emission means over limit", "超标排放均值"),
          over > 0 ? .bad : .plain
        ))
      tiles.append(
        (
          "\(missing)", language.text("emission means missing", "缺失排放均值"),
          missing > 0 ? .warn : .plain
        ))
    }
    return tiles
  }

  func attention(_ language: ReportLanguage) -> [(text: String, mood: ReportDocument.Mood)] {
    guard !isEmpty else {
      let nothing = language.text("The record has nothing of this time.", "该时段没有任何记录。")
      return [(nothing, .bad)] + openItems(language)
    }
    return openItems(language) + adjustmentItems(language) + emissionItems(language)
      + captureItems(language) + stopItems(language) + productionItems(language)
  }

  private func openItems(
    _ language: ReportLanguage
  ) -> [(text: String, mood: ReportDocument.Mood)] {
    guard !open.isEmpty else { return [] }
    let unseen = open.count { $0.to == .unacknowledged || $0.to == .returned }
    let names = open.prefix(5).map { "\($0.alarm) (\($0.signal))" }.joined(separator: ", ")
    let rest = open.count > 5 ? " …" : ""
    return [
      (
        language.text(
          "Alarms open: \(open.count), not acknowledged: \(unseen) – \(names)\(rest)",
          "未关闭报警 \(open.count) 个，其中未确认 \(unseen) 个：\(names)\(rest)"), .bad
      )
    ]
  }

  private func emissionItems(
    _ language: ReportLanguage
  ) -> [(text: String, mood: ReportDocument.Mood)] {
    emissions.flatMap { sheet in
      var items: [(text: String, mood: ReportDocument.Mood)] = []
      let name = "\(sheet.outlet), \(Pollutants.name(sheet.factor))"
      let over = sheet.exceedances
      if !over.isEmpty {
        let times = over.prefix(6).map { clock.moment($0.start) }.joined(separator: ", ")
        let rest = over.count > 6 ? " …" : ""
        items.append(
          (
            language.text(
              "\(name): over its limit: \(over.count) (\(times)\(rest))",
              "\(name)：超标 \(over.count) 次（\(times)\(rest)）"), .bad
          ))
      }
      let (count, all) = (sheet.missing.count, sheet.periods.count)
      if count > 0 {
        items.append(
          (
            language.text(
              "\(name): missing: \(count) of \(all) means", "\(name)：\(all) 个均值中缺失 \(count) 个"),
            .warn
          ))
      }
      return items
    }
  }

  private func captureItems(
    _ language: ReportLanguage
  ) -> [(text: String, mood: ReportDocument.Mood)] {
    let silent = silences.prefix(5).map(clock.range).joined(separator: ", ")
    var items: [(text: String, mood: ReportDocument.Mood)] = []
    if !silent.isEmpty {
      items.append(
        (language.text("Nothing was recorded: \(silent)", "没有任何记录的时段：\(silent)"), .warn))
    }
    let poor = capture.signals.filter { ($0.share ?? 1) < 0.95 }
    if !poor.isEmpty {
      let names = poor.prefix(5).map { "\($0.signal) \(share($0.share))" }
        .joined(separator: ", ")
      items.append(
        (
          language.text(
            "Signals with less than 95 % of their readings: \(poor.count): \(names)",
            "采集率低于 95 % 的信号 \(poor.count) 个：\(names)"), .warn
        ))
    }
    return items
  }

  private func productionItems(
    _ language: ReportLanguage
  ) -> [(text: String, mood: ReportDocument.Mood)] {
    var items: [(text: String, mood: ReportDocument.Mood)] = []
    let isOver = question.now >= question.range.upperBound
    if isOver, let plan = production.plan, production.parts < plan {
      items.append(
        (
          language.text(
            "Parts short of the plan: \(plan - production.parts)",
            "未完成计划，欠产 \(plan - production.parts) 件"), .warn
        ))
    }
    let poor = measurements.filter { ($0.cpk ?? .infinity) < Self.capable || $0.outside > 0 }
    if !poor.isEmpty {
      let names = poor.map { chart in
        let capability = chart.cpk.map { "Cpk \($0.fixed(digits: 2))" } ?? "Cpk –"
        let outside = language.text("outside", "超差")
        return "\(chart.signal) \(capability), \(outside) \(chart.outside)"
      }
      items.append(
        (
          language.text(
            "Measurements not capable (Cpk below \(Self.capable)) or out of specification: ",
            "能力不足（Cpk 小于 \(Self.capable)）或超差的测量：") + Self.list(names, most: 5), .warn
        ))
    }
    let outside = PChart(course)?.points.filter { $0.share > $0.upper } ?? []
    if !outside.isEmpty {
      let times = outside.prefix(5).map { clock.moment($0.range.lowerBound) }
      items.append(
        (
          language.text(
            "Reject rate above its control limit: \(times.joined(separator: ", "))",
            "不合格率高于控制上限：\(times.joined(separator: ", "))"), .bad
        ))
    }
    return items
  }

  /// A share in per cent, `–` where it is not known.
  func share(_ value: Double?) -> String {
    value?.percent(digits: 1) ?? "–"
  }
}

/// What people call the factors of HJ 212.
public enum Pollutants {
  private static let names = [
    "a34013": "particulates", "a21026": "SO₂", "a21002": "NOx", "a21005": "CO",
    "w01018": "COD", "w21003": "NH₃-N",
  ]

  /// The common name, or the code where there is none.
  public static func shortName(_ factor: String) -> String { names[factor] ?? factor }

  /// The common name and the code, or the code alone.
  public static func name(_ factor: String) -> String {
    names[factor].map { "\($0) (\(factor))" } ?? factor
  }
}
