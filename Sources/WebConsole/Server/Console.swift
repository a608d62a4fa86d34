import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Pipeline
import ServiceLifecycle

/// The monitor's HTTP side: writes, API, metrics and the live screen.
public struct Console: Sendable {
  private let monitor: LineMonitor
  private let address: ListenAddress
  private let plant: String

  /// A console for a monitor; nothing is bound before `run`.
  public init(_ monitor: LineMonitor, on address: ListenAddress, plant: String) {
    self.monitor = monitor
    self.address = address
    self.plant = plant
  }

  /// Serves until the task is cancelled.
  /// - Parameter bound: is told the port once requests are accepted.
  public func run(bound: @escaping @Sendable (Int) async -> Void) async throws {
    let feed = ScreenFeed(monitor)
    var logger = Logger(label: "gemba.http")
    logger.logLevel = .error
    let application = Application(
      router: router(feed: feed),
      configuration: ApplicationConfiguration(
        address: .hostname(address.host, port: address.port), serverName: "gemba",
        backlog: 1_024, availableConnectionsDelegate: MaximumAvailableConnections(1_024)),
      onServerRunning: { channel in await bound(channel.localAddress?.port ?? 0) },
      logger: logger)
    // Cancelled from outside, the server would drop its connections with errors in the log.
    let server = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [.init(service: application)], logger: logger))
    try await withThrowingTaskGroup { tasks in
      tasks.addTask { await feed.run() }
      tasks.addTask {
        let serving = Task { try await server.run() }
        try await withTaskCancellationHandler {
          try await serving.value
        } onCancel: {
          Task {
            await feed.end()
            await server.triggerGracefulShutdown()
          }
        }
      }
      try await tasks.next()
      tasks.cancelAll()
    }
  }

  func router(feed: ScreenFeed) -> Router<BasicRequestContext> {
    let router = Router()
    router.middlewares.add(SecurityHeaders())
    WriteRoutes.add(to: router, monitor: monitor)
    AlarmRoutes.add(to: router, monitor: monitor)
    SignalRoutes.add(to: router, monitor: monitor, feed: feed)
    RejectRoutes.add(to: router, monitor: monitor)
    HealthRoutes.add(to: router, monitor: monitor)
    PageRoutes.add(to: router, plant: plant)
    return router
  }
}
