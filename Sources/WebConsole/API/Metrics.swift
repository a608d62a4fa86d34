import FactoryModel
import Pipeline

/// The monitor's own figures in Prometheus' text format.
struct Metrics {
  private(set) var text = ""

  init(_ monitor: LineMonitor, loginsRefused: Int) async {
    let counts = await monitor.counts
    let (known, stale) = await monitor.signalCounts()
    let alarms = await monitor.alarms()
    counter("gemba_samples_total", "Samples recorded.", counts.samples)
    counter("gemba_samples_late_total", "Samples older than the allowed lateness.", counts.late)
    counter("gemba_samples_ahead_total", "Samples refused as dated ahead.", counts.ahead)
    counter(
      "gemba_samples_dropped_total", "Samples lost because the record could not be written.",
      await monitor.droppedSamples)
    counter("gemba_lines_total", "Lines of line protocol received.", counts.lines)
    counter("gemba_lines_refused_total", "Lines of line protocol refused.", counts.linesRefused)
    counter("gemba_packets_total", "HJ 212 packets accepted.", counts.packets)
    counter("gemba_packets_refused_total", "HJ 212 packets refused.", counts.packetsRefused)
    counter("gemba_messages_total", "MQTT messages received.", counts.messages)
    counter("gemba_messages_refused_total", "MQTT messages refused.", counts.messagesRefused)
    counter("gemba_transitions_total", "Alarm transitions since the start.", counts.transitions)
    counter("gemba_actions_total", "Actions carried out.", counts.actions)
    counter(
      "gemba_actions_failed_total", "Attempts at actions that failed.", counts.actionsFailed)
    counter("gemba_logins_refused_total", "Log-ins refused.", loginsRefused)
    gauge("gemba_signals", "Signals known.", known)
    gauge("gemba_signals_stale", "Signals that are stale.", stale)
    text += "# HELP gemba_alarms Alarms in each state.\n# TYPE gemba_alarms gauge\n"
    for state in AlarmState.allCases {
      let count = alarms.count { $0.state == state }
      text += "gemba_alarms{state=\"\(state.rawValue)\"} \(count)\n"
    }
  }

  private mutating func counter(_ name: String, _ help: String, _ value: Int) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) counter\n\(name) \(value)\n"
  }

  private mutating func gauge(_ name: String, _ help: String, _ value: Int) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) gauge\n\(name) \(value)\n"
  }
}
