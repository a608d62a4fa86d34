import Alarms
import FactoryModel
import Plant
import Storage

/// Everything the screen shows, at one moment.
public struct MonitorView: Sendable {
  /// A machine of the site file.
  public struct MachineView: Sendable {
    public var name: String
    public var state: String?
    public var signals: [SignalStanding]
  }

  public var lastSample: Timestamp?
  public var alarms: AlarmList
  /// In order of appearance.
  public var signals: [SignalStanding]
  public var machines: [MachineView]
  /// Signals that are shown as figures: what machines do, counts of parts, emission periods.
  public var figureSignals: Set<SignalName>
}

extension LineMonitor {
  /// How everything stands now.
  public func view() -> MonitorView {
    let now = now
    var signals: [SignalStanding] = []
    var machines = site.plant.machines.map { MonitorView.MachineView(name: $0.name, signals: []) }
    var figureSignals: Set<SignalName> = []
    for index in 0..<table.count {
      let id = SignalID(index: Int32(index))
      guard let signal = standing(id, at: now) else { continue }
      let place = places.place(of: id, in: table)
      signals.append(signal)
      if place.isFigure { figureSignals.insert(signal.name) }
      for machine in place.machines { machines[machine].signals.append(signal) }
      for machine in place.stateOf where machines[machine].state == nil {
        machines[machine].state = signal.text ?? "\(signal.sample.value)"
      }
    }
    return MonitorView(
      lastSample: board.lastSample, alarms: alarmList(), signals: signals, machines: machines,
      figureSignals: figureSignals)
  }

  /// How many signals are known, and how many of them are stale.
  public func signalCounts() -> (known: Int, stale: Int) {
    let now = now
    let ids = (0..<table.count).map { SignalID(index: Int32($0)) }.filter {
      board.newest(of: $0) != nil
    }
    return (ids.count, ids.count { isStale($0, at: now) })
  }

  private func isStale(_ id: SignalID, at now: Timestamp) -> Bool {
    guard let interval = describer.description(of: id, in: table)?.interval,
      let arrival = board.arrival(of: id)
    else { return false }
    return now - arrival > interval * 2
  }

  private func standing(_ id: SignalID, at now: Timestamp) -> SignalStanding? {
    guard let sample = board.newest(of: id) else { return nil }
    let name = table[id]
    let description = describer.description(of: id, in: table)
    let texts = table.texts(of: id)
    let place = Int(exactly: sample.value) ?? -1
    return SignalStanding(
      name: name, description: description, kind: description?.kind ?? SignalKind(of: name),
      sample: sample, text: texts.indices.contains(place) ? texts[place] : nil,
      isStale: isStale(id, at: now),
      recent: board.recent(of: id))
  }

  /// How every alarm stands: those that are not normal first, by priority and age.
  public func alarms() -> [AlarmStanding] {
    let standings = engine.statuses.map { status in
      let words = places.words(of: status.signal)
      return AlarmStanding(
        name: status.name, signal: status.signal, state: status.state, value: status.value,
        limit: status.limit, since: status.since, began: status.began, priority: status.priority,
        place: words.place, label: words.label, unit: words.unit)
    }
    return standings.sorted { a, b in
      let (quiet, otherQuiet) = (a.state == .normal, b.state == .normal)
      if quiet != otherQuiet { return otherQuiet }
      if a.priority != b.priority { return a.priority > b.priority }
      if a.since != b.since {
        return (a.since ?? Timestamp(seconds: 0)) < (b.since ?? Timestamp(seconds: 0))
      }
      return (a.name, a.signal) < (b.name, b.signal)
    }
  }

  /// The alarms that are not normal, floods folded.
  public func alarmList() -> AlarmList { AlarmList(alarms(), at: now) }

  /// Samples lost since the start because too many waited for a record that could not be written.
  public var droppedSamples: Int { writer.dropped }

  /// The time of the newest sample of all.
  public var lastSample: Timestamp? { board.lastSample }

  /// Does what an operator wants with one alarm, with every alarm of a name that can, or with every
  /// alarm of a group that can.
  /// - Throws: `OperatorActionError` when it is not possible.
  public func operate(
    _ action: OperatorAction, on target: AlarmTarget, by who: String, comment: String?
  ) async throws {
    let alarms: [(name: String, signal: String)] =
      switch target {
      case .one(let name, let signal): [(name, signal)]
      case .all(let name): engine.statuses.filter { $0.name == name }.map { ($0.name, $0.signal) }
      case .group(let id):
        alarmList().groups.first { $0.id == id }?.alarms.map { ($0.name, $0.signal) } ?? []
      }
    guard !alarms.isEmpty else {
      throw OperatorActionError.unknownAlarm(alarm: target.name, signal: "any signal")
    }
    var refusal: OperatorActionError?
    var isDone = false
    for alarm in alarms {
      do {
        try engine.perform(
          action, on: alarm.name, signal: alarm.signal, by: who, comment: comment, at: now,
          into: &unwritten)
        isDone = true
      } catch {
        refusal = error
      }
    }
    if !isDone, let refusal { throw refusal }
    try await commit()
  }

  /// The time of a signal's newest sample, nil when it has none.
  public func lastSample(of name: SignalName) -> Timestamp? {
    table.find(name).flatMap { board.newest(of: $0)?.time }
  }
}

extension SignalKind {
  /// Of a signal that the site file says nothing of.
  init(of name: SignalName) {
    if name.path.hasPrefix("hj212.") || name.path.hasPrefix("emission.") {
      self = .environment
    } else if name.path.hasPrefix("inspection.") {
      self = .quality
    } else {
      self = .equipment
    }
  }
}
