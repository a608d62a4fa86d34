import FactoryModel
import Foundation
import Hummingbird
import Pipeline
import Telemetry

/// Connected HJ 212 data loggers, and what the centre asks of them.
enum LoggerRoutes {
  static func add(to router: Router<ConsoleContext>, monitor: LineMonitor) {
    router.get("api/v1/hj212/loggers") { _, _ in
      try Reply.json(await monitor.connectedLoggers.map(LoggerAnswer.init))
    }
    router.get("api/v1/hj212/commands") { _, _ in
      try Reply.json(await monitor.loggerCommands.map(CommandAnswer.init))
    }
    router.get("api/v1/hj212/commands/:id") { _, context in
      let id = context.parameters.get("id") ?? ""
      guard let command = await monitor.loggerCommands.first(where: { "\($0.id)" == id }) else {
        throw RequestFault(
          status: .notFound, message: "\(id): no such command; only the last thousand are kept")
      }
      return try Reply.json(CommandAnswer(command))
    }
    router.post("api/v1/hj212/commands") { request, _ in
      let order = try await CommandOrder(request)
      let command: LoggerCommand
      do throws(LoggerNotConnected) {
        command = try await monitor.ask(order.request, of: order.mn)
      } catch {
        throw RequestFault(status: .notFound, message: "\(error)")
      }
      return try Reply.json(CommandAnswer(command), status: .accepted)
    }
  }
}

/// A connected logger as `GET /api/v1/hj212/loggers` gives it.
private struct LoggerAnswer: Encodable {
  var mn: String
  var station: String
  var since: String
  var heard: String

  init(_ logger: ConnectedLogger) {
    mn = logger.mn
    station = logger.station
    since = logger.since.description
    heard = logger.heard.description
  }
}

/// A command as the API gives it.
private struct CommandAnswer: Encodable {
  var id: Int
  var mn: String
  var command: String
  var qn: String
  var state: String
  @ExplicitNull var code: Int?
  var asked: String
  @ExplicitNull var ended: String?
  var packets: Int
  var answers: [String]

  init(_ command: LoggerCommand) {
    id = command.id
    mn = command.mn
    self.command = command.request.word
    qn = command.qn
    state = command.state.rawValue
    code = command.code
    asked = command.asked.description
    ended = command.ended?.description
    packets = command.packets
    answers = command.answers
  }
}

/// The body of `POST /api/v1/hj212/commands`.
private struct CommandOrder {
  private struct Body: Decodable {
    var mn: String
    var command: String
    var from: String?
    var to: String?
    var time: String?
  }

  var mn: String
  var request: HJ212Request

  init(_ request: Request) async throws {
    let bytes = try await request.body.collect(upTo: 65_536)
    guard let body = try? JSONDecoder().decode(Body.self, from: Data(bytes.readableBytesView))
    else { throw RequestFault.badRequest("send a JSON object with mn and command") }
    mn = body.mn
    switch body.command {
    case "current": self.request = .current
    case "time": self.request = .time
    case "setTime": self.request = .setTime(try Self.moment("time", body.time) ?? .now)
    case "minutes", "hours", "days":
      guard let from = try Self.moment("from", body.from), let to = try Self.moment("to", body.to),
        from <= to
      else { throw RequestFault.badRequest("from and to: give both, from not after to") }
      self.request =
        switch body.command {
        case "minutes": .minutes(from: from, to: to)
        case "hours": .hours(from: from, to: to)
        default: .days(from: from, to: to)
        }
    default:
      throw RequestFault.badRequest(
        "command \(body.command): one of current, minutes, hours, days, time, setTime")
    }
  }

  private static func moment(_ key: String, _ text: String?) throws -> Timestamp? {
    guard let text else { return nil }
    guard let time = Timestamp(rfc3339: text) else {
      throw RequestFault.badRequest("\(key)=\(text): use RFC 3339, such as 2026-03-01T08:00:00Z")
    }
    return time
  }
}

extension HJ212Request {
  /// As orders name it.
  fileprivate var word: String {
    switch self {
    case .current: "current"
    case .minutes: "minutes"
    case .hours: "hours"
    case .days: "days"
    case .time: "time"
    case .setTime: "setTime"
    }
  }
}
