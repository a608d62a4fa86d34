import Synchronization

/// Hands results on in the order of their numbers, whatever the order they are ready in.
///
/// Results that are ready early wait here; only verdicts wait, never pictures, so what is held stays
/// small. `deliver` runs under the lock: one call at a time.
final class OrderedDelivery<Element: Sendable>: Sendable {
  private struct State {
    var waiting: [Int: Element] = [:]
    var next = 0
  }

  private let state = Mutex(State())
  private let deliver: @Sendable (Int, Element) -> Void

  init(_ deliver: @escaping @Sendable (Int, Element) -> Void) { self.deliver = deliver }

  /// Result number `index` is ready.
  func ready(_ index: Int, _ element: Element) {
    state.withLock { state in
      state.waiting[index] = element
      while let first = state.waiting.removeValue(forKey: state.next) {
        deliver(state.next, first)
        state.next += 1
      }
    }
  }
}
