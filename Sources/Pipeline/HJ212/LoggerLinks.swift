import FactoryModel
import Telemetry

/// The connections of data loggers, and what was asked of them.
struct LoggerLinks {
  /// One connection.
  struct Link {
    var receiver: HJ212Receiver
    /// Sends bytes beside the answers, as soon as the peer takes them.
    var send: @Sendable ([UInt8]) -> Void
    var since: Timestamp
    var heard: Timestamp
  }

  /// Commands remembered after their end.
  private static let mostCommands = 1_000

  /// By number; numbers are given in order and never again.
  var links: [Int: Link] = [:]
  private(set) var commands: [LoggerCommand] = []
  /// Connections with a command that has not ended.
  private(set) var busy: [Int: Set<Int>] = [:]
  private var nextLink = 0
  private var nextCommand = 1

  mutating func open(_ link: Link) -> Int {
    nextLink += 1
    links[nextLink] = link
    return nextLink
  }

  /// Everybody connected is heard under other settings, from the next packet on.
  mutating func use(_ settings: HJ212Settings) {
    for number in links.keys { links[number]?.receiver.use(settings) }
  }

  /// A connection has ended, and with it what it was asked.
  mutating func close(_ number: Int, at now: Timestamp) {
    links[number] = nil
    for id in busy.removeValue(forKey: number) ?? [] {
      change(id) { command in
        command.state = .disconnected
        command.ended = now
      }
    }
  }

  /// The newest connection over which a logger has spoken.
  func find(_ mn: String) -> (number: Int, site: HJ212Address)? {
    let found = links.compactMap { number, link in
      link.receiver.sites.first { $0.site == mn }.map { (number: number, site: $0) }
    }
    return found.max { $0.number < $1.number }
  }

  /// Everybody connected, in order of their numbers.
  var connected: [ConnectedLogger] {
    links.values.flatMap { link in
      link.receiver.sites.map {
        ConnectedLogger(mn: $0.site, station: $0.station, since: link.since, heard: link.heard)
      }
    }.sorted { ($0.mn, $0.since) < ($1.mn, $1.since) }
  }

  /// Asks something over a connection.
  mutating func ask(
    _ request: HJ212Request, of site: HJ212Address, over number: Int, at now: Timestamp
  ) -> LoggerCommand? {
    guard let (qn, bytes) = links[number]?.receiver.ask(request, of: site, at: now) else {
      return nil
    }
    links[number]?.send(bytes)
    let command = LoggerCommand(
      id: nextCommand, mn: site.site, request: request, qn: qn, asked: now)
    nextCommand += 1
    commands.append(command)
    if commands.count > Self.mostCommands { commands.removeFirst() }
    busy[number, default: []].insert(command.id)
    return command
  }

  /// Takes over what a connection's receiver has found out about its commands.
  mutating func follow(_ number: Int, at now: Timestamp) {
    guard let waiting = busy[number], let outcomes = links[number]?.receiver.takeOutcomes() else {
      return
    }
    for id in waiting {
      change(id) { [receiver = links[number]?.receiver] command in
        if let outcome = outcomes.first(where: { $0.qn == command.qn }) {
          command.end(outcome, at: now)
        } else if receiver?.isAccepted(command.qn) == true {
          command.state = .accepted
        }
      }
    }
    let open = waiting.filter { id in commands.contains { $0.id == id && !$0.state.isEnd } }
    busy[number] = open.isEmpty ? nil : open
  }

  private mutating func change(_ id: Int, _ body: (inout LoggerCommand) -> Void) {
    guard let place = commands.firstIndex(where: { $0.id == id }) else { return }
    var command = commands[place]
    body(&command)
    commands[place] = command
  }
}
