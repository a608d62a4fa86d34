import Alarms
import FactoryModel
import Storage

extension LineMonitor {
  /// How the payload of an order begins that puts an output back.
  static let undoingPayload = "{\"kind\":\"undo\""

  /// The adjustments of a site, each where the record left it.
  static func courses(
    of site: Site, isDryRun: Bool, _ file: RecordFile
  ) throws -> [AdjustmentCourse] {
    guard site.actions.contains(where: { $0.adjustment != nil }) else { return [] }
    let standings = try AlarmJournal(file).lastTransitions()
    let known = Set(site.rules.map(\.name))
    return try site.actions.compactMap { action in
      guard let adjustment = action.adjustment else { return nil }
      return AdjustmentCourse(
        action.name, adjustment, isArmed: !isDryRun && site.isArmed(adjustment),
        lines: try AdjustmentJournal(file).lines(of: action.name),
        standings: standings.filter { action.means($0) && known.contains($0.alarm) })
    }
  }

  /// Whether an adjustment is written.
  func isArmed(_ adjustment: Adjustment) -> Bool {
    !isDryRun && site.isArmed(adjustment)
  }

  /// Whether time alone leads to an adjustment.
  var isAdjustmentDue: Bool {
    let now = now
    return courses.contains { $0.isDue(at: now) }
  }

  /// What transitions and time lead to, and where the adjustments stand once it is on record.
  func adjustments(
    for transitions: [AlarmTransition]
  ) -> (courses: [AdjustmentCourse], planned: [PlannedAdjustment]) {
    var courses = courses
    guard !courses.isEmpty else { return ([], []) }
    let now = now
    var lines: [AdjustmentLine] = []
    for place in courses.indices {
      let reading = reading(courses[place].settings, at: now)
      let action = actions.first { $0.name == courses[place].action }
      for transition in transitions where action?.means(transition) == true {
        lines += [courses[place].take(transition, at: now, reading)].compactMap(\.self)
      }
      lines += [courses[place].pass(at: now, reading)].compactMap(\.self)
    }
    for place in lines.indices { lines[place].serial = lastAdjustment + Int64(place) + 1 }
    return (courses, lines.map { PlannedAdjustment($0, order: order($0)) })
  }

  private func order(_ line: AdjustmentLine) -> ActionOrder? {
    guard line.outcome == .pending else { return nil }
    return ActionOrder(
      serial: line.transition, action: line.action, payload: line.payload, due: line.time)
  }

  /// What the read-back signal of an adjustment says.
  private func reading(_ adjustment: Adjustment, at now: Timestamp) -> AdjustmentCourse.Reading? {
    guard let name = adjustment.readBack, let id = table.find(name),
      let sample = board.newest(of: id), let arrival = board.arrival(of: id)
    else { return nil }
    let isUsable =
      sample.quality != .bad && sample.value.isFinite && now - arrival <= adjustment.freshness
    return .init(value: sample.value, time: sample.time, isUsable: isUsable)
  }

  /// What is written when the alarms of an action no longer hold; nil when it adjusts nothing.
  public func undoing(of action: String) -> Adjustment.Undoing? {
    actions.first { $0.name == action }?.adjustment?.undoing
  }

  /// The journal of adjustments after a serial, in order.
  public nonisolated func adjustments(after serial: Int64) throws -> [AdjustmentLine] {
    try adjustmentJournal.lines(after: serial)
  }
}

extension Site {
  /// Whether the file lets an adjustment be written.
  func isArmed(_ adjustment: Adjustment) -> Bool { adjustment.isArmed ?? isArmed }
}

extension AdjustmentLine {
  /// What an order says of it.
  fileprivate var payload: String {
    JSONText.object([
      ("kind", JSONText.string(kind.rawValue)), ("serial", String(serial)),
      ("write", JSONText.number(value)), ("output", JSONText.string(output)),
      ("alarm", JSONText.string(alarm)), ("signal", JSONText.string(signal)),
    ])
  }
}
