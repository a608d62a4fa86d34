import FactoryModel
import Pipeline
import Plant

/// All that the live screen shows, as one object.
struct ScreenAnswer: Encodable {
  struct Environment: Encodable {
    var emissions: [EmissionAnswer]
    var signals: [SignalAnswer]
  }

  struct Equipment: Encodable {
    var machines: [MachineAnswer]
    var signals: [SignalAnswer]
  }

  struct MachineAnswer: Encodable {
    var name: String
    @ExplicitNull var state: String?
    var signals: [SignalAnswer]

    init(_ machine: MonitorView.MachineView, _ alarms: [String: [AlarmStanding]]) {
      name = machine.name
      state = machine.state
      signals = ScreenAnswer.shown(machine.signals, alarms, atLeast: 4)
    }
  }

  /// Parts counted at a station.
  struct StationAnswer: Encodable {
    var station: String
    var parts: Int
    @ExplicitNull var waiting: Int?
  }

  struct Logistics: Encodable {
    var stations: [StationAnswer]
    var signals: [SignalAnswer]
  }

  struct Production: Encodable {
    @ExplicitNull var figures: ProductionAnswer?
    var signals: [SignalAnswer]
  }

  struct Quality: Encodable {
    @ExplicitNull var figures: QualityAnswer?
    /// The newest first.
    var rejects: [RejectAnswer]
    var signals: [SignalAnswer]
  }

  @ExplicitNull var lastSample: String?
  /// No signal that is expected to speak does.
  var frozen: Bool
  /// Those that are not normal, open ones first, by priority and age, but for those in `groups`.
  var alarms: [AlarmAnswer]
  /// What began in a flood, by worst priority and age.
  var groups: [AlarmGroupAnswer]
  var openAlarms: Int
  var unacknowledgedAlarms: Int
  /// That neither `alarms` nor `groups` holds.
  var alarmsLeftOut: Int
  /// What the monitor has written to the process and not taken back.
  var adjustments: [AdjustmentInForceAnswer]
  var equipment: Equipment
  var environment: Environment
  var logistics: Logistics
  var production: Production
  var quality: Quality

  /// What the monitor holds now.
  init(_ monitor: LineMonitor, _ figures: ShiftFigures) async {
    let view = await monitor.view()
    lastSample = view.lastSample?.description
    let open = view.alarms.alone.filter(\.state.isOpen)
    let folded = view.alarms.groups
    alarms = view.alarms.alone.prefix(Self.alarmsOnScreen).map(AlarmAnswer.init)
    groups = folded.prefix(Self.alarmsOnScreen).map(AlarmGroupAnswer.init)
    openAlarms = open.count + folded.reduce(0) { $0 + $1.alarms.count }
    unacknowledgedAlarms =
      open.count { $0.state == .unacknowledged } + folded.reduce(0) { $0 + $1.unacknowledged }
    alarmsLeftOut =
      view.alarms.alone.count - alarms.count
      + folded.dropFirst(groups.count).reduce(0) { $0 + $1.alarms.count }
    adjustments = await AdjustmentInForceAnswer.all(monitor)
    let calls = Dictionary(grouping: open + folded.flatMap(\.alarms), by: \.signal)
    let taken = view.figureSignals.union(view.machines.flatMap { $0.signals.map(\.name) })
    func panel(_ kind: SignalKind) -> [SignalAnswer] {
      Self.shown(
        view.signals.filter { $0.kind == kind && !taken.contains($0.name) }, calls,
        atLeast: Self.mostSignals)
    }
    equipment = Equipment(
      machines: view.machines.map { MachineAnswer($0, calls) },
      signals: panel(.equipment))
    environment = Environment(
      emissions: figures.emissions.map(EmissionAnswer.init), signals: panel(.environment))
    logistics = Logistics(
      stations: figures.stations.map {
        StationAnswer(
          station: $0.station, parts: $0.parts, waiting: ExplicitNull(wrappedValue: $0.waiting))
      }, signals: panel(.logistics))
    production = Production(
      figures: ExplicitNull(
        wrappedValue: figures.production.map { ProductionAnswer($0, of: figures.shift) }),
      signals: panel(.production))
    quality = Quality(
      figures: ExplicitNull(wrappedValue: QualityAnswer(figures)),
      rejects: (try? await RejectAnswer.last(4, monitor)) ?? [],
      signals: panel(.quality))
    let expected = view.signals.filter { $0.description?.interval != nil }
    frozen = !expected.isEmpty && expected.allSatisfy(\.isStale)
  }

  /// Signals of a panel or a machine: those with an alarm first, so that none of them is cut, and
  /// others up to a number. Labels that come twice get the tags that tell them apart.
  private static func shown(
    _ signals: [SignalStanding], _ alarms: [String: [AlarmStanding]], atLeast least: Int
  ) -> [SignalAnswer] {
    let answers = signals.map { ($0, alarms[$0.name.description] ?? []) }
    let calling = answers.filter { !$0.1.isEmpty }.prefix(mostSignals)
    let quiet = answers.filter(\.1.isEmpty).prefix(max(0, least - calling.count))
    let shown = Array(calling) + quiet
    let same = Dictionary(grouping: shown.map(\.0), by: \.label)
    return shown.map { signal, alarms in
      var answer = SignalAnswer(signal, withSpark: true, alarms: alarms)
      let others = same[signal.label] ?? []
      let tags = signal.name.tags.filter { tag in
        others.contains { $0.name[tag: tag.key] != tag.value }
      }
      answer.label = ([answer.label] + tags.map(\.value)).joined(separator: " ")
      return answer
    }
  }

  /// More would not be read on one screen; all are in the list of signals.
  private static let mostSignals = 12
  /// Nobody reads further; each second's event stays small. All are in the API.
  private static let alarmsOnScreen = 200
}
