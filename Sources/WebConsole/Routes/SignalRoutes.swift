import FactoryModel
import Foundation
import Hummingbird
import Pipeline
import Plant

/// Signals now and then.
enum SignalRoutes {
  static func add(
    to router: Router<ConsoleContext>, monitor: LineMonitor, feed: ScreenFeed, gate: Gate
  ) {
    router.get("api/v1/signals") { _, _ in
      try Reply.json(
        await monitor.view().signals.map { SignalAnswer($0, withSpark: false) }
          .sorted { $0.name < $1.name })
    }
    router.get("api/v1/history") { request, _ in try await history(request, monitor) }
    router.get("api/v1/periods") { request, _ in try await periods(request, monitor) }
    router.get("api/v1/screen") { _, _ in try Reply.json(await feed.screen()) }
    router.get("api/v1/stream") { _, context in
      let visitor = context.visitor
      let events = await feed.follow()
        .prefix { _ in await gate.mayStillRead(visitor, at: .now) }
      var headers = HTTPFields()
      headers[.contentType] = "text/event-stream"
      headers[.cacheControl] = "no-store"
      // A proxy that collects the answer would hold the events back.
      headers[.accelBuffering] = "no"
      return Response(status: .ok, headers: headers, body: ResponseBody(asyncSequence: events))
    }
  }

  /// Rows of emission data: `kind`, `from`, `to`; the last day unless said otherwise.
  private static func periods(_ request: Request, _ monitor: LineMonitor) async throws -> Response {
    let text = request.uri.queryParameters["kind"].map(String.init) ?? "hour"
    guard let kind = PeriodKind(rawValue: text) else {
      let known = PeriodKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw RequestFault.badRequest("kind=\(text): one of \(known)")
    }
    let range = try request.range(to: await monitor.lastSample ?? .now, seconds: 86_400)
    let rows = try await monitor.plantRecord.periods(of: kind, in: range)
    return try Reply.json(rows.map(PeriodAnswer.init))
  }

  private static func history(_ request: Request, _ monitor: LineMonitor) async throws -> Response {
    guard let text = request.uri.queryParameters["signal"].map(String.init),
      let name = (try? SignalPattern(text))?.name
    else { throw RequestFault.badRequest("signal: measurement.field{tag=value,…}") }
    let points = try request.integer("points", in: 2...5_000) ?? 600
    let seconds = try request.integer("seconds", in: 1...31_622_400) ?? 3_600
    let newest = await monitor.lastSample(of: name)
    guard let end = try request.moment("to") ?? newest else {
      throw RequestFault(status: .notFound, message: "\(text): no such signal on record")
    }
    let range = try request.range(to: end, seconds: seconds)
    let (start, last) = (range.lowerBound, range.upperBound)
    let record = try await monitor.history(of: name, from: start, to: last, points: points)
    return Reply.json(
      text: JSONText.object([
        ("signal", JSONText.string(text)), ("from", JSONText.string(start.description)),
        ("to", JSONText.string(last.description)),
        ("label", record.description?.label.map(JSONText.string) ?? "null"),
        ("unit", record.description?.unit.map(JSONText.string) ?? "null"),
        ("low", JSONText.number(record.description?.low)),
        ("high", JSONText.number(record.description?.high)),
        // Time and mean; null where there was no sample.
        (
          "points",
          JSONText.list(record.points) {
            "[\(JSONText.string($0.time.description)),\(JSONText.number($0.value))]"
          }
        ),
        ("limits", JSONText.list(record.limits) { JSONText.number($0) }),
        ("alarms", JSONText.list(record.alarms, \.json)),
      ]))
  }
}

extension Request {
  /// The years that can be asked for: differences of their moments fit into 64 bits.
  private static let known =
    Timestamp(seconds: 0)...Timestamp(seconds: 7_258_118_400)

  /// A moment of the query in RFC 3339, nil when absent.
  func moment(_ key: String) throws -> Timestamp? {
    guard let text = uri.queryParameters[key[...]] else { return nil }
    guard let time = Timestamp(rfc3339: text), Self.known.contains(time) else {
      throw RequestFault.badRequest(
        "\(key)=\(text): a moment such as 2026-03-01T08:00:00Z, of the years 1970 to 2199")
    }
    return time
  }

  /// The stretch of time from `from` to `to`.
  /// - Parameters:
  ///   - end: where it ends when `to` is absent.
  ///   - seconds: how long it is when `from` is absent.
  func range(to end: Timestamp, seconds: Int) throws -> Range<Timestamp> {
    let end = try moment("to") ?? min(max(end, Self.known.lowerBound), Self.known.upperBound)
    let start = try moment("from") ?? max(end - .seconds(seconds), Self.known.lowerBound)
    guard start <= end else { throw RequestFault.badRequest("from is after to; exchange them") }
    return start..<end
  }
}
