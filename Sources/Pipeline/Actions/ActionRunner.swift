import FactoryModel
import Storage

/// Carries out what transitions have ordered: each action in the order of the transitions, actions
/// beside each other.
///
/// An order is marked as done after it has been carried out, so one that a crash comes between is
/// carried out again: at least once. One that fails waits, twice as long each time, and those after
/// it wait with it, so that a receiver never hears of an alarm's end before its beginning. After the
/// last attempt it is dead and the next one has its turn.
struct ActionRunner: Sendable {
  private let monitor: LineMonitor
  private let outbox: ActionOutbox
  private let actions: [AlarmAction]

  /// A runner; nothing happens before `run`.
  init(_ monitor: LineMonitor, _ actions: [AlarmAction]) {
    self.monitor = monitor
    outbox = monitor.outbox
    self.actions = actions
  }

  /// Works until cancelled; orders of an earlier start come first.
  func run() async throws {
    try giveUpForgotten()
    try await withThrowingTaskGroup { tasks in
      for action in actions {
        tasks.addTask { try await serve(action, bell: await monitor.orderBell(of: action.name)) }
      }
      try await tasks.waitForAll()
    }
    // Nothing to do: wait to be cancelled.
    try await Task.sleep(for: .seconds(Int64.max / 4_000_000_000))
  }

  /// Nobody can carry out what an action ordered that the site file no longer has.
  private func giveUpForgotten() throws {
    let names = Set(actions.map(\.name))
    for var order in try outbox.orders(.pending) where !names.contains(order.action) {
      order.state = .dead
      order.fault = "the site file has no action of this name"
      try outbox.update(order, adjustment: .failed, at: .now)
    }
  }

  private func serve(_ action: AlarmAction, bell: AsyncStream<Void>) async throws {
    var rings = bell.makeAsyncIterator()
    while !Task.isCancelled {
      do {
        if let order = try outbox.next(of: action.name) {
          try await attempt(order, action)
        } else {
          await rings.next()
        }
      } catch is StorageError {
        // The record cannot be used now; its fault is told where samples are committed.
        try await Task.sleep(for: .seconds(1))
      }
    }
  }

  private func attempt(_ pending: ActionOrder, _ action: AlarmAction) async throws {
    var order = pending
    let wait = order.due - Timestamp.now
    // A clock set back must not hold it up for longer than any wait.
    if wait > .zero { try await Task.sleep(for: min(wait, action.wait(after: order.attempts))) }
    if let outcome = try await skipped(order, action) {
      order.state = .done
      return try outbox.update(order, adjustment: outcome, at: .now)
    }
    order.attempts += 1
    do {
      try await action.carryOut(order.payload)
      order.state = .done
      order.fault = nil
    } catch {
      // Ended, not refused: the next start tries again.
      try Task.checkCancellation()
      order.fault = "\(error)"
      let isLast = order.attempts >= action.attempts && !Self.isUndoing(order)
      order.state = isLast ? .dead : .pending
      order.due = Timestamp.now + action.wait(after: order.attempts)
    }
    await monitor.countAction(failed: order.state != .done)
    try outbox.update(order, adjustment: Self.outcome(order, action), at: .now)
  }

  /// Why an order of an adjustment is not carried out, nil when it is.
  private func skipped(
    _ order: ActionOrder, _ action: AlarmAction
  ) async throws -> AdjustmentLine.Outcome? {
    guard let adjustment = action.adjustment else { return nil }
    // A later order says where the output is to stand now.
    if try outbox.isOvertaken(order) { return .overtaken }
    // Ordered by a process that was armed.
    return await monitor.isArmed(adjustment) ? nil : .dryRun
  }

  private static func outcome(
    _ order: ActionOrder, _ action: AlarmAction
  ) -> AdjustmentLine.Outcome? {
    guard action.adjustment != nil else { return nil }
    switch order.state {
    case .pending: return nil
    case .done: return .written
    case .dead: return .failed
    }
  }

  /// What has been changed is put back however long the device stays away.
  private static func isUndoing(_ order: ActionOrder) -> Bool {
    order.payload.hasPrefix(LineMonitor.undoingPayload)
  }
}
