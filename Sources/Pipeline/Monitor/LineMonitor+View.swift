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
  /// Those that are not normal first, by priority and age.
  public var alarms: [AlarmStanding]
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
    let signals = (0..<table.count).compactMap { index in
      standing(SignalID(index: Int32(index)), at: now)
    }
    let machines = site.plant.machines.map { machine in
      let state = machine.state.flatMap { pattern in
        signals.first { pattern.matches($0.name) }
      }
      return MonitorView.MachineView(
        name: machine.name, state: state.map { $0.text ?? "\($0.sample.value)" },
        signals: signals.filter { signal in
          machine.signals.contains { $0.matches(signal.name) }
        })
    }
    let shown = site.plant.machines.compactMap(\.state) + site.plant.parts.map(\.signal)
    return MonitorView(
      lastSample: board.lastSample, alarms: alarms(), signals: signals, machines: machines,
      figureSignals: Set(
        signals.map(\.name).filter { name in
          name.path.hasPrefix("emission.") || name.path.hasPrefix("monitor.")
            || shown.contains { $0.matches(name) }
        }))
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
      AlarmStanding(
        name: status.name, signal: status.signal, state: status.state, value: status.value,
        limit: status.limit, since: status.since, priority: status.priority)
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

  /// Samples lost since the start because too many waited for a record that could not be written.
  public var droppedSamples: Int { writer.dropped }

  /// The time of the newest sample of all.
  public var lastSample: Timestamp? { board.lastSample }

  /// Does what an operator wants with one alarm, or with every alarm of that name that can.
  /// - Throws: `OperatorActionError` when it is not possible.
  public func operate(
    _ action: OperatorAction, onAlarm name: String, signal: String?, by who: String,
    comment: String?
  ) async throws {
    let signals = signal.map { [$0] } ?? engine.statuses.filter { $0.name == name }.map(\.signal)
    guard !signals.isEmpty else {
      throw OperatorActionError.unknownAlarm(alarm: name, signal: signal ?? "any signal")
    }
    var refusal: OperatorActionError?
    var isDone = false
    for signal in signals {
      do {
        try engine.perform(
          action, on: name, signal: signal, by: who, comment: comment, at: now,
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
