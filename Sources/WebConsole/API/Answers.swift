import FactoryModel
import Pipeline
import Plant
import Storage

/// An alarm as `GET /api/v1/alarms` gives it.
struct AlarmAnswer: Encodable {
  var name: String
  var signal: String
  var state: String
  @ExplicitNull var value: Double?
  @ExplicitNull var limit: Double?
  @ExplicitNull var since: String?
  var priority: String
  /// Where to go, as the site file says it.
  @ExplicitNull var place: String?
  /// What people call the signal, and its unit.
  @ExplicitNull var label: String?
  @ExplicitNull var unit: String?

  init(_ alarm: AlarmStanding) {
    name = alarm.name
    signal = alarm.signal
    state = alarm.state.rawValue
    value = alarm.value.finite
    limit = alarm.limit
    since = alarm.since?.description
    priority = alarm.priority.rawValue
    place = alarm.place
    label = alarm.label
    unit = alarm.unit
  }
}

/// Open alarms that began in a flood at one place, as the screen shows them: one line.
struct AlarmGroupAnswer: Encodable {
  /// For `GET /api/v1/alarms?group=`.
  var id: String
  var place: String
  var count: Int
  var unacknowledged: Int
  /// The worst.
  var priority: String
  /// When the first began.
  var since: String
  /// The one that began first.
  @ExplicitNull var first: AlarmAnswer?

  init(_ group: AlarmGroup) {
    id = group.id
    place = group.place
    count = group.alarms.count
    unacknowledged = group.unacknowledged
    priority = group.priority.rawValue
    since = group.since.description
    first = group.alarms.first.map(AlarmAnswer.init)
  }
}

/// A line of the journal of adjustments as `GET /api/v1/adjustments` gives it.
struct AdjustmentAnswer: Encodable {
  var serial: Int64
  var time: String
  var action: String
  var alarm: String
  var signal: String
  /// Of the transition that it follows from, in the journal of alarms.
  var transition: Int64
  var kind: String
  var output: String
  @ExplicitNull var value: Double?
  @ExplicitNull var previous: Double?
  var outcome: String
  @ExplicitNull var comment: String?
  @ExplicitNull var settled: String?

  init(_ line: AdjustmentLine) {
    serial = line.serial
    time = line.time.description
    action = line.action
    alarm = line.alarm
    signal = line.signal
    transition = line.transition
    kind = line.kind.rawValue
    output = line.output
    value = line.value.finite
    previous = line.previous.finite
    outcome = line.outcome.rawValue
    comment = line.comment
    settled = line.settled?.description
  }
}

/// An adjustment that holds, as `GET /api/v1/adjustments/inForce` and the screen give it.
struct AdjustmentInForceAnswer: Encodable {
  var action: String
  var alarm: String
  var signal: String
  @ExplicitNull var machine: String?
  var output: String
  @ExplicitNull var value: Double?
  @ExplicitNull var previous: Double?
  var since: String
  var outcome: String
  /// Whether something is written when the alarm clears, and what.
  var isUndone: Bool
  @ExplicitNull var back: Double?

  /// What holds now; empty while the record cannot be read.
  static func all(_ monitor: LineMonitor) async -> [AdjustmentInForceAnswer] {
    let record = await monitor.plantRecord
    var answers: [AdjustmentInForceAnswer] = []
    for stretch in (try? record.adjustmentsInForce()) ?? [] {
      answers.append(Self(stretch, await monitor.undoing(of: stretch.made.action)))
    }
    return answers
  }

  private init(_ stretch: AdjustmentStretch, _ undoing: Adjustment.Undoing?) {
    let line = stretch.made
    action = line.action
    alarm = line.alarm
    signal = line.signal
    machine = stretch.machine
    output = line.output
    value = line.value.finite
    previous = line.previous.finite
    since = line.time.description
    outcome = line.outcome.rawValue
    switch undoing {
    case .previous: (isUndone, back) = (true, line.previous.finite)
    case .value(let value): (isUndone, back) = (true, value)
    case .nothing, nil: (isUndone, back) = (false, nil)
    }
  }
}

/// An order as `GET /api/v1/actions` gives it.
struct ActionAnswer: Encodable {
  var serial: Int64
  var action: String
  var state: String
  var attempts: Int
  var due: String
  @ExplicitNull var fault: String?
  var payload: String

  init(_ order: ActionOrder) {
    serial = order.serial
    action = order.action
    state = order.state.rawValue
    attempts = order.attempts
    due = order.due.description
    fault = order.fault
    payload = order.payload
  }
}

/// A signal and its newest value.
struct SignalAnswer: Encodable {
  var name: String
  var label: String
  var kind: String
  @ExplicitNull var unit: String?
  @ExplicitNull var value: Double?
  @ExplicitNull var text: String?
  var quality: String
  var stale: Bool
  var time: String
  @ExplicitNull var low: Double?
  @ExplicitNull var high: Double?
  /// Of its worst open alarm, on the screen.
  @ExplicitNull var alarm: String?
  /// Whether one of them is active, and whether nobody has acknowledged one that is.
  var isActive: Bool
  var isCalling: Bool
  var spark: [Double?]

  /// - Parameter alarms: its open ones.
  init(_ signal: SignalStanding, withSpark: Bool, alarms: [AlarmStanding] = []) {
    name = signal.name.description
    label = signal.label
    kind = signal.kind.rawValue
    unit = signal.description?.unit
    value = Optional(signal.sample.value).finite
    text = signal.text
    quality = signal.sample.quality.name
    stale = signal.isStale
    time = signal.sample.time.description
    low = signal.description?.low
    high = signal.description?.high
    alarm = alarms.map(\.priority).max()?.rawValue
    isActive = alarms.contains { $0.state.isActive }
    isCalling = alarms.contains { $0.state == .unacknowledged }
    spark = withSpark ? signal.recent : []
  }
}

/// An error as every route of the API gives it.
struct ErrorAnswer: Encodable {
  var error: String
}

extension Double? {
  /// nil for what JSON cannot write.
  var finite: Double? { flatMap { $0.isFinite ? $0 : nil } }
}

extension SignalStanding {
  /// What people call it.
  var label: String { description?.label ?? name.shortLabel }
}

extension SignalName {
  /// The field and the values of the tags: `temp m7`.
  var shortLabel: String {
    let field = path.split(separator: ".").last.map(String.init) ?? path
    return ([field] + tags.map(\.value)).joined(separator: " ")
  }
}
