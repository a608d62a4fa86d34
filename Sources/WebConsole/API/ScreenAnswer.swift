import FactoryModel
import Pipeline

/// All that the live screen shows, as one object.
struct ScreenAnswer: Encodable {
  struct Panel: Encodable {
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

  @ExplicitNull var lastSample: String?
  /// No signal that is expected to speak does.
  var frozen: Bool
  var alarms: [AlarmAnswer]
  var equipment: Equipment
  var environment: Panel
  var logistics: Panel
  var production: Panel
  var quality: Panel

  /// What the monitor holds now.
  init(_ monitor: LineMonitor) async {
    let view = await monitor.view()
    lastSample = view.lastSample?.description
    alarms = view.alarms.map(AlarmAnswer.init)
    let taken = Set(view.machines.flatMap { $0.signals.map(\.name) })
    func panel(_ kind: SignalKind) -> [SignalAnswer] {
      view.signals.filter { $0.kind == kind && !taken.contains($0.name) }
        .prefix(Self.signalsPerPanel).map { SignalAnswer($0, withSpark: true) }
    }
    equipment = Equipment(
      machines: view.machines.map(MachineAnswer.init),
      signals: panel(.equipment))
    environment = Panel(signals: panel(.environment))
    logistics = Panel(signals: panel(.logistics))
    production = Panel(signals: panel(.production))
    quality = Panel(signals: panel(.quality))
    let expected = view.signals.filter { $0.description?.interval != nil }
    frozen = !expected.isEmpty && expected.allSatisfy(\.isStale)
  }

  /// More would not be read on one screen; all are in the list of signals.
  private static let signalsPerPanel = 12
}
