import Alarms
import FactoryModel
import Foundation
import Hummingbird
import Pipeline
import Storage

/// Alarms, their journal, and what operators do with them.
enum AlarmRoutes {
  static func add(to router: Router<ConsoleContext>, monitor: LineMonitor) {
    router.get("api/v1/alarms") { request, _ in try await alarms(request, monitor) }
    router.get("api/v1/journal") { request, _ in
      let newest = try request.integer("newest", in: 1...1_000_000)
      let after = try request.integer("after", in: 0...Int.max) ?? 0
      let lines = try monitor.journal(after: Int64(after))
      return Reply.json(text: JSONText.list(lines.suffix(newest ?? lines.count), \.json))
    }
    router.get("api/v1/adjustments") { request, _ in
      let newest = try request.integer("newest", in: 1...1_000_000)
      let after = try request.integer("after", in: 0...Int.max) ?? 0
      let lines = try monitor.adjustments(after: Int64(after))
      return try Reply.json(lines.suffix(newest ?? lines.count).map(AdjustmentAnswer.init))
    }
    router.get("api/v1/adjustments/inForce") { _, _ in
      try Reply.json(await AdjustmentInForceAnswer.all(monitor))
    }
    router.get("api/v1/actions") { request, _ in
      let word = request.uri.queryParameters["state"].map(String.init) ?? "dead"
      guard let state = ActionOrder.State(rawValue: word) else {
        throw RequestFault.badRequest("state=\(word): pending, done or dead")
      }
      return try Reply.json(monitor.orders(state).map(ActionAnswer.init))
    }
    for (path, act) in acts {
      router.post("api/v1/alarms/\(path)") { request, context in
        let order = try await Order(request)
        try await monitor.operate(
          act(order, Timestamp.now), on: order.target, by: order.author(context.visitor),
          comment: order.comment)
        return Response(status: .noContent)
      }
    }
  }

  /// All of them, or those of a group of the screen; `first` limits the answer.
  private static func alarms(_ request: Request, _ monitor: LineMonitor) async throws -> Response {
    let first = try request.integer("first", in: 1...1_000_000) ?? .max
    guard let id = request.uri.queryParameters["group"].map(String.init) else {
      return try Reply.json(await monitor.alarms().prefix(first).map(AlarmAnswer.init))
    }
    guard let group = await monitor.alarmList().groups.first(where: { $0.id == id }) else {
      throw RequestFault(status: .notFound, message: "\(id): no such group is open")
    }
    return try Reply.json(group.alarms.prefix(first).map(AlarmAnswer.init))
  }

  private static let acts: [(String, @Sendable (Order, Timestamp) -> OperatorAction)] = [
    ("acknowledge", { _, _ in .acknowledge }), ("reset", { _, _ in .reset }),
    (
      "shelve",
      { order, now in
        order.minutes.map { .shelve(until: now + .seconds(60 * $0)) } ?? .shelveOnce
      }
    ),
    ("unshelve", { _, _ in .unshelve }), ("outOfService", { _, _ in .takeOutOfService }),
    ("returnToService", { _, _ in .returnToService }),
  ]

  /// The body of an operator's request.
  private struct Order: Decodable, Sendable {
    var name: String?
    /// nil for every alarm of that name.
    var signal: String?
    /// Instead of a name: of the screen.
    var group: String?
    /// Where nobody logs in; else it is whoever did.
    var who: String?
    var comment: String?
    /// For `shelve`: how long; nil until the alarm next clears.
    var minutes: Double?

    init(_ request: Request) async throws {
      let body = try await request.body.collect(upTo: 65_536)
      do {
        self = try JSONDecoder().decode(Order.self, from: Data(body.readableBytesView))
      } catch {
        throw RequestFault.badRequest(
          "send a JSON object with name, who, and optionally signal, comment and minutes")
      }
      if let minutes, !(0.1...1_440).contains(minutes) {
        throw RequestFault.badRequest("minutes: 0.1 to 1440")
      }
      guard (name == nil) != (group == nil) else {
        throw RequestFault.badRequest("name or group: one of them")
      }
    }

    var target: AlarmTarget {
      if let group { return .group(group) }
      let name = name ?? ""
      return signal.map { .one(name: name, signal: $0) } ?? .all(name: name)
    }

    /// Who stands in the journal.
    func author(_ visitor: Visitor) throws -> String {
      if let name = visitor.name { return name }
      let name = (who ?? "").trimmingCharacters(in: .whitespaces)
      guard (1...80).contains(name.count) else {
        throw RequestFault.badRequest("who: 1 to 80 characters, so that the journal has a name")
      }
      return name
    }
  }
}

extension Request {
  /// A whole number of the query, nil when absent.
  func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let text = uri.queryParameters[key[...]] else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw RequestFault.badRequest(
        "\(key)=\(text): a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}
