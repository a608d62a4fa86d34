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

    init(_ machine: MonitorView.MachineView) {
      name = machine.name
      state = machine.state
      signals = machine.signals.map { SignalAnswer($0, withSpark: true) }
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
  /// Those that are not normal, open ones first, by priority and age; in a flood the first of them.
  var alarms: [AlarmAnswer]
  var openAlarms: Int
  var unacknowledgedAlarms: Int
  /// That `alarms` does not hold.
  var alarmsLeftOut: Int
  var equipment: Equipment
  var environment: Environment
  var logistics: Logistics
  var production: Production
  var quality: Quality

  /// What the monitor holds now.
  init(_ monitor: LineMonitor, _ figures: ShiftFigures) async {
    let view = await monitor.view()
    lastSample = view.lastSample?.description
    let silent: Set<AlarmState> = [.shelved, .suppressed, .outOfService]
    let standing = view.alarms.filter { $0.state != .normal }
    let open = standing.filter { !silent.contains($0.state) }
    alarms = (open + standing.filter { silent.contains($0.state) })
      .prefix(Self.alarmsOnScreen).map(AlarmAnswer.init)
    openAlarms = open.count
    unacknowledgedAlarms = open.count { $0.state == .unacknowledged }
    alarmsLeftOut = standing.count - alarms.count
    let taken = view.figureSignals.union(view.machines.flatMap { $0.signals.map(\.name) })
    func panel(_ kind: SignalKind) -> [SignalAnswer] {
      view.signals.filter { $0.kind == kind && !taken.contains($0.name) }
        .prefix(Self.signalsPerPanel).map { SignalAnswer($0, withSpark: true) }
    }
    equipment = Equipment(
      machines: view.machines.map(MachineAnswer.init),
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
      rejects: await monitor.lastRejects.prefix(4).map(RejectAnswer.init),
      signals: panel(.quality))
    let expected = view.signals.filter { $0.description?.interval != nil }
    frozen = !expected.isEmpty && expected.allSatisfy(\.isStale)
  }

  /// More would not be read on one screen; all are in the list of signals.
  private static let signalsPerPanel = 12
  /// Nobody reads further in a flood; each second's event stays small. All are in the API.
  private static let alarmsOnScreen = 200
}
