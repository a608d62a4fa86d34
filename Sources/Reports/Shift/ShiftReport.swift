import Alarms
import FactoryModel
import Foundation
import Plant

/// What happened in a shift, a day, or any other range: the figures of `PlantRecord`, laid out.
///
/// Nothing is worked out here that the screen or the API could show too; they ask `PlantRecord` as
/// this does.
public struct ShiftReport: Sendable {
  /// What the report is to be about.
  public struct Question: Sendable {
    /// `shift`, `day`, `week`, `month` or `range`, with the shift's name where it has one.
    public var name: String
    /// Not empty.
    public var range: Range<Timestamp>
    /// When the question is asked: what would come later is not missing.
    public var now: Timestamp
    /// What the site file says of signals.
    public var descriptions: [SignalDescription]
    /// Of the alarm rules, by their names.
    public var priorities: [String: AlarmPriority]

    /// A question.
    public init(
      name: String, range: Range<Timestamp>, now: Timestamp,
      descriptions: [SignalDescription] = [], priorities: [String: AlarmPriority] = [:]
    ) {
      self.name = name
      self.range = range
      self.now = now
      self.descriptions = descriptions
      self.priorities = priorities
    }
  }

  /// A shift as far as it lies in the range.
  struct ShiftRow: Sendable {
    var run: ShiftRun
    var production: Production
  }

  /// A machine's longest stops.
  struct Stops: Sendable {
    var machine: String
    var all: [MachineStretch]
  }

  let question: Question
  let plant: String
  let hasCameras: Bool
  let clock: PlantClock
  let production: Production
  let shifts: [ShiftRow]
  let stations: [StationCount]
  let quality: QualityFigures
  let course: [CoursePiece]
  let classes: [(key: String, value: Int)]
  let parts: InspectedParts
  let measurements: [MeasurementChart]
  let emissions: [EmissionSheet]
  let alarms: AlarmKPIs?
  /// The worst first, then the oldest.
  let open: [AlarmTransition]
  let adjustments: [AdjustmentStretch]
  let stops: [Stops]
  let capture: CaptureFigures

  /// Asks the record. Throws `StorageError`.
  public init(_ record: PlantRecord, _ question: Question) throws {
    let (range, now) = (question.range, question.now)
    let end = max(range.lowerBound, min(range.upperBound, now))
    let past = range.lowerBound..<end
    self.question = question
    plant = record.layout.name
    hasCameras = !record.layout.cameras.isEmpty
    clock = PlantClock(timeZone: record.layout.timeZone)
    production = try record.production(in: range, until: end)
    shifts = try ShiftCalendar(record.layout).parts(of: range)
      .filter { $0.run.range.lowerBound < end }.map {
        ShiftRow(run: $0.run, production: try record.production(of: $0, until: end))
      }
    stations = try record.stations(in: past)
    quality = try record.quality(in: past)
    let isShort = range.duration <= .seconds(2 * 86_400)
    capture = try record.capture(in: range, until: end, question.descriptions)
    course = try record.course(
      in: range, until: end, every: .seconds(isShort ? 3_600 : 86_400),
      silences: capture.silences)
    classes = try record.rejectClasses(in: past)
    parts = try record.inspectedParts(in: past)
    measurements = try record.measurements(in: past, question.descriptions)
    emissions = try record.emissionSheets(in: range, until: now)
    alarms =
      past.isEmpty ? nil : try record.alarms(in: past) { question.priorities[$0] }
    open = try record.openAlarms(at: end).sorted { left, right in
      let ranks = [left, right].map { question.priorities[$0.alarm] ?? .medium }
      return (ranks[1], left.time) < (ranks[0], right.time)
    }
    adjustments = try record.adjustments(in: past)
    let silences = capture.silences
    stops = try record.layout.machines.filter { $0.state != nil }.map {
      Stops(machine: $0.name, all: try record.stops(of: $0, in: past, except: silences))
    }
  }

  /// One self-contained page without script.
  /// - Parameters:
  ///   - pictures: where those of the worst rejects are; nil for a page without them.
  ///   - forPaper: whether long tables are open.
  public func html(
    _ language: ReportLanguage, pictures: RejectPictures? = nil, forPaper: Bool = false
  ) -> String {
    var document = document(language, pictures)
    document.isOpen = forPaper
    return document.html
  }

  /// The page's text and tables.
  public func markdown(_ language: ReportLanguage) -> String { document(language, nil).markdown }

  /// The inspected parts as JUnit XML.
  public var junit: String {
    JUnit.xml(parts.rows.map(\.verdict), suite: "\(plant): \(question.name)")
  }

  private func document(
    _ language: ReportLanguage, _ pictures: RejectPictures?
  ) -> ReportDocument {
    let until =
      question.now < question.range.upperBound
      ? language.text(
        "; not over yet, as of \(clock.moment(question.now))",
        "；尚未结束，截至 \(clock.moment(question.now))") : ""
    return ReportDocument(
      language: language, title: "\(plant): \(name(language))",
      subtitle: "\(clock.range(question.range)) (\(clock.timeZone.identifier))\(until)",
      tiles: tiles(language), attention: attention(language),
      sections: [
        productionSection(language), qualitySection(language), rejectSection(language, pictures),
        measurementSection(language), emissionSection(language), alarmSection(language),
        adjustmentSection(language), stopSection(language), captureSection(language),
      ].compactMap { $0 })
  }

  func name(_ language: ReportLanguage) -> String {
    switch question.name {
    case "day": language.text("day report", "日报")
    case "week": language.text("week report", "周报")
    case "month": language.text("month report", "月报")
    case "range": language.text("report", "报告")
    default: language.text("shift report, ", "班次报告：") + question.name
    }
  }
}
