import Alarms
import FactoryModel
import Storage

extension LineMonitor {
  /// What is to be done because of transitions. A replay does nothing.
  func orders(for transitions: [AlarmTransition]) -> [ActionOrder] {
    guard clock == .wall, !actions.isEmpty else { return [] }
    let now = now
    return transitions.flatMap { transition in
      let rule = site.rules.first { $0.name == transition.alarm }
      return actions.filter { $0.concerns(transition) }.map { action in
        ActionOrder(
          serial: transition.serial, action: action.name,
          payload: action.payload(transition, rule?.priority ?? .medium), due: now)
      }
    }
  }

  /// Rings when there are new orders of an action; for one listener.
  func orderBell(of action: String) -> AsyncStream<Void> {
    let (bell, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    orderBells[action] = continuation
    return bell
  }

  /// Orders in a state, the oldest first.
  public nonisolated func orders(_ state: ActionOrder.State) throws -> [ActionOrder] {
    try outbox.orders(state)
  }

  /// Counts an attempt.
  func countAction(failed: Bool) {
    if failed { counts.actionsFailed += 1 } else { counts.actions += 1 }
  }
}
