import Synchronization

/// A wish to stop, set from a signal handler and asked by workers between two images.
public final class StopRequest: Sendable {
  private let requested = Atomic<Bool>(false)

  /// Not requested yet.
  public init() {}

  /// Asks every worker to finish the image in hand and take no further one.
  public func request() { requested.store(true, ordering: .relaxed) }

  /// Whether somebody asked.
  public var isRequested: Bool { requested.load(ordering: .relaxed) }
}
