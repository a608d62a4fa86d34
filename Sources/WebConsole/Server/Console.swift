import Access
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Pipeline
import Plant
import ServiceLifecycle

/// The monitor's HTTP side: writes, API, metrics and the live screen.
public struct Console: Sendable {
  private let monitor: LineMonitor
  private let address: ListenAddress
  private let site: Site
  private let cameras: [String: String]
  private let gate: Gate

  /// A console for a monitor, nil when the site file wants none; nothing is bound before `run`.
  /// - Throws: `OperatorFileError` or `YAMLError` when the operators file cannot be used.
  public init?(_ monitor: LineMonitor, _ file: SiteFile) throws {
    guard let address = file.site.http else { return nil }
    self.monitor = monitor
    self.address = address
    site = file.site
    cameras = file.cameraFolders
    gate = Gate(try file.readOperators())
  }

  /// Lets in whom the site's operators file names now.
  /// - Throws: as `init`; whoever was known before stays known.
  public func takeOperators(of file: SiteFile) async throws {
    await gate.take(try file.readOperators())
  }

  /// Serves until the task is cancelled.
  /// - Parameter bound: is told the port once requests are accepted.
  public func run(bound: @escaping @Sendable (Int) async -> Void) async throws {
    let feed = ScreenFeed(monitor)
    var logger = Logger(label: "gemba.http")
    logger.logLevel = .error
    let application = Application(
      responder: PrefixResponder(
        inner: guardedRouter(feed: feed).buildResponder(), prefix: site.prefix),
      // A sender that drips its headers, or a peer that is gone, must not hold a place for ever.
      server: .http1(configuration: .init(idleTimeout: .seconds(60))),
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
        let serving = Task {
          do {
            try await server.run()
          } catch let error as IOError {
            throw ListenError(address: address, error)
          }
        }
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

  /// What it answers: the method in capitals and the path, such as `GET /api/v1/alarms`.
  package var routes: [String] {
    openRouter(feed: ScreenFeed(monitor)).routes.map { "\($0.method) \($0.path)" }
  }

  private func guardedRouter(feed: ScreenFeed) -> Router<ConsoleContext> {
    let router = Router(context: ConsoleContext.self)
    router.middlewares.add(SecurityHeaders(proxies: site.proxies))
    router.middlewares.add(
      HostGuard(gate: gate, listening: address.host, hosts: site.hosts))
    router.middlewares.add(AccessMiddleware(gate: gate, proxies: site.proxies))
    router.middlewares.add(AllowedMethods(openRouter(feed: feed)))
    addRoutes(to: router, feed: feed)
    return router
  }

  /// The same routes without guards, to be looked at.
  private func openRouter(feed: ScreenFeed) -> Router<ConsoleContext> {
    let router = Router(context: ConsoleContext.self)
    addRoutes(to: router, feed: feed)
    return router
  }

  /// A route is behind the middlewares that were there before it.
  private func addRoutes(to router: Router<ConsoleContext>, feed: ScreenFeed) {
    LoginRoutes(
      gate: gate, plant: site.plant.name, prefix: site.prefix, proxies: site.proxies
    ).add(to: router)
    WriteRoutes.add(to: router, monitor: monitor)
    AlarmRoutes.add(to: router, monitor: monitor)
    LoggerRoutes.add(to: router, monitor: monitor)
    SignalRoutes.add(to: router, monitor: monitor, feed: feed, gate: gate)
    RejectRoutes.add(to: router, monitor: monitor, cameras: cameras)
    FigureRoutes.add(to: router, monitor: monitor, cameras: cameras)
    HealthRoutes.add(to: router, monitor: monitor, gate: gate)
    PageRoutes.add(to: router, plant: site.plant)
  }
}

extension SiteFile {
  /// Who may come in, nil when nobody has to log in.
  /// - Throws: `OperatorFileError` or `YAMLError`.
  public func readOperators() throws -> OperatorList? {
    try operators.map { try OperatorFile(path: $0).read() }
  }
}
