import Alarms
import FactoryModel
import Plant

extension ShiftReport {
  func alarmSection(_ language: ReportLanguage) -> ReportDocument.Section? {
    guard let alarms else { return nil }
    var tables = open.isEmpty ? [] : [openTable(language)]
    tables.append(targetTable(alarms, language))
    if !alarms.topTen.isEmpty { tables.append(actorTable(alarms, language)) }
    let note =
      alarms.isLongEnough
      ? nil
      : language.text(
        "The targets are meant for 30 days or more; this time is shorter.",
        "目标值适用于 30 天以上的统计，本时段较短。")
    return ReportDocument.Section(
      title: language.text("Alarms", "报警"), notes: [note].compactMap { $0 }, tables: tables)
  }

  private func openTable(_ language: ReportLanguage) -> ReportDocument.Table {
    ReportDocument.Table(
      columns: [
        language.text("alarm", "报警"), language.text("signal", "信号"),
        language.text("state", "状态"), language.text("priority", "优先级"),
        language.text("since", "自"), language.text("value", "值"), language.text("limit", "限值"),
      ],
      rows: open.map { alarm in
        [
          .init(alarm.alarm), .init(alarm.signal), .init(state(alarm.to, language), .bad),
          .init(question.priorities[alarm.alarm]?.rawValue ?? "–"),
          .init(clock.moment(alarm.time)), .init(number(alarm.value)), .init(number(alarm.limit)),
        ]
      }, wordColumns: 5,
      caption: language.text("Open at the end", "期末未关闭"))
  }

  private func targetTable(
    _ alarms: AlarmKPIs, _ language: ReportLanguage
  ) -> ReportDocument.Table {
    func text(_ value: Double, isShare: Bool) -> String {
      isShare ? share(value) : Format.short(value)
    }
    let rows = alarms.targets.map { target -> [ReportDocument.Cell] in
      [
        .init(language.text(target.name, Self.chinese[target.name] ?? target.name)),
        .init(text(target.value, isShare: target.isShare), target.isMet ? .plain : .warn),
        .init("≤ " + text(target.atMost, isShare: target.isShare)),
      ]
    }
    let acknowledged = alarms.meanTimeToAcknowledge.map { length($0.inSeconds) } ?? "–"
    return ReportDocument.Table(
      columns: [
        language.text("measure", "指标"), language.text("value", "值"), language.text("target", "目标"),
      ],
      rows: [
        [.init(language.text("new alarms", "新报警")), .init("\(alarms.newAlarms)"), .init("")],
        [.init(language.text("floods", "报警泛滥")), .init("\(alarms.floods.count)"), .init("")],
        [
          .init(language.text("mean time to acknowledge", "平均确认时间")), .init(acknowledged),
          .init(""),
        ],
      ] + rows)
  }

  private func actorTable(
    _ alarms: AlarmKPIs, _ language: ReportLanguage
  ) -> ReportDocument.Table {
    ReportDocument.Table(
      columns: [
        language.text("alarm", "报警"), language.text("signal", "信号"),
        language.text("came", "次数"), language.text("of all", "占比"),
      ],
      rows: alarms.topTen.map {
        [.init($0.alarm), .init($0.signal), .init("\($0.newAlarms)"), .init(share($0.share))]
      }, wordColumns: 2, caption: language.text("Ten most frequent", "最频繁的十个报警"))
  }

  private func state(_ state: AlarmState, _ language: ReportLanguage) -> String {
    switch state {
    case .normal: language.text("normal", "正常")
    case .unacknowledged: language.text("unacknowledged", "未确认")
    case .acknowledged: language.text("acknowledged", "已确认")
    case .returned: language.text("returned", "已恢复未确认")
    case .shelved: language.text("shelved", "已搁置")
    case .suppressed: language.text("suppressed", "已抑制")
    case .outOfService: language.text("out of service", "停用")
    }
  }

  /// The measures of `AlarmKPIs.targets`.
  private static let chinese = [
    "new alarms per ten minutes and operator": "每操作员每十分钟新报警",
    "ten-minute periods with more than ten": "超过十个报警的十分钟时段",
    "time in floods": "报警泛滥时间", "the ten most frequent": "最频繁十个报警占比",
    "chattering alarms": "抖动报警", "active for over 24 hours": "持续超过 24 小时",
    "high and critical": "高与紧急", "above low": "低优先级以上",
  ]
}
