import Foundation
import Plant
import Synchronization

/// What a site file names that can come and go while the monitor runs: brokers, controllers,
/// cameras, actions, reports. Over a reload those that stay as they are run on undisturbed.
public struct SiteFeeds: Sendable {
  typealias Work = @Sendable () async throws -> Void

  /// One of them, by all that makes it what it is.
  enum Feed: Hashable {
    case broker(BrokerSettings)
    case controller(ModbusSettings)
    case camera(Camera, RejectOutput?, recipe: String, taught: Date?)
    case actions([AlarmAction])
    case reports(ReportSettings)
  }

  let works: [Feed: Work]

  /// The feeds of a site file, to be handed to `MonitorSources.take`.
  /// - Parameter note: takes lines for the person who runs the monitor.
  /// - Throws: when the recipe of a camera cannot be used.
  public init(
    _ file: SiteFile, _ monitor: LineMonitor, note: @escaping @Sendable (String) -> Void
  ) throws {
    let site = file.site
    var works: [Feed: Work] = [:]
    for broker in site.brokers {
      works[.broker(broker)] = { try await BrokerSource(broker).run(monitor) }
    }
    for controller in site.controllers {
      works[.controller(controller)] = { try await ModbusSource(controller).run(monitor) }
    }
    for camera in site.plant.cameras {
      let recipe = file.resolved(camera.recipe)
      let facts = try? FileManager.default.attributesOfItem(atPath: recipe + "/model.gemba")
      let feed = Feed.camera(
        camera, site.rejects[camera.name], recipe: recipe,
        taught: facts?[.modificationDate] as? Date)
      let watch = try CameraWatch(camera, of: file, isDryRun: monitor.isDryRun)
      works[feed] = { await watch.run(monitor) }
    }
    let actions = site.actions
    works[.actions(actions)] = { try await ActionRunner(monitor, actions).run() }
    if let settings = site.reports {
      works[.reports(settings)] = {
        try await ScheduledReports(settings, file, note: note).run(monitor)
      }
    }
    self.works = works
  }

  /// Runs one set of feeds after the other, until cancelled.
  /// - Throws: what a feed throws that cannot go on.
  static func run(_ sets: AsyncStream<SiteFeeds>) async throws {
    let (faults, fault) = AsyncStream.makeStream(of: (any Error).self)
    try await withThrowingTaskGroup { tasks in
      tasks.addTask {
        var running: [Feed: Task<Void, Never>] = [:]
        for await feeds in sets {
          // A broker knows us by one name, an output has one hand on it: the old ones end first.
          let ending = running.filter { feeds.works[$0.key] == nil }
          await end(ending.values)
          for feed in ending.keys { running[feed] = nil }
          for (feed, work) in feeds.works where running[feed] == nil {
            running[feed] = Task {
              do { try await work() } catch {
                if !Task.isCancelled { fault.yield(error) }
              }
            }
          }
        }
        await end(running.values)
      }
      tasks.addTask {
        for await error in faults { throw error }
      }
      defer { tasks.cancelAll() }
      try await tasks.next()
    }
  }

  private static func end(_ tasks: some Collection<Task<Void, Never>>) async {
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
  }
}
