import FactoryModel
import Telemetry

// MARK: Connections

extension LineMonitor {
  /// A data logger has connected.
  /// - Parameter send: sends bytes to it beside the answers.
  /// - Returns: the connection's number.
  func openLogger(send: @escaping @Sendable ([UInt8]) -> Void) -> Int {
    let receiver = HJ212Receiver(settings: site.loggers)
    return loggers.open(
      LoggerLinks.Link(receiver: receiver, send: send, since: now, heard: now))
  }

  /// Takes bytes of a data logger; gives the answers, to be sent once this returns.
  func read(hj212 bytes: [UInt8], of number: Int) async throws -> [UInt8] {
    let now = now
    guard let before = loggers.links[number]?.receiver.counts,
      let answers = loggers.links[number]?.receiver.receive(
        bytes, at: now, signals: &table, into: &batch)
    else { return [] }
    loggers.links[number]?.heard = now
    loggers.follow(number, at: now)
    count(number, since: before)
    takeBatch()
    try await commit()
    return answers
  }

  /// A data logger has closed its connection: what it left unfinished is given up.
  func closeLogger(_ number: Int) async throws {
    guard var receiver = loggers.links[number]?.receiver else { return }
    let before = receiver.counts
    while let deadline = receiver.deadline {
      _ = receiver.advance(to: deadline, signals: &table, into: &batch)
    }
    loggers.links[number]?.receiver = receiver
    count(number, since: before)
    loggers.close(number, at: now)
    takeBatch()
    try await commit()
  }

  /// Sends again what a logger has not answered in time, and gives up in the end.
  func advanceLoggers() {
    for number in loggers.busy.keys {
      let now = now
      guard let deadline = loggers.links[number]?.receiver.deadline, deadline <= now,
        let before = loggers.links[number]?.receiver.counts,
        let bytes = loggers.links[number]?.receiver.advance(
          to: now, signals: &table, into: &batch)
      else { continue }
      if !bytes.isEmpty { loggers.links[number]?.send(bytes) }
      loggers.follow(number, at: now)
      count(number, since: before)
      takeBatch()
    }
  }

  private func count(_ number: Int, since before: HJ212Counts) {
    guard let now = loggers.links[number]?.receiver.counts else { return }
    counts.packets += now.packets - before.packets
    counts.packetsRefused += now.refused - before.refused
    if let first = loggers.links[number]?.receiver.takeDamages().first {
      troubles.note("hj212", "refused: \(first)")
    }
  }
}

// MARK: Commands

extension LineMonitor {
  /// Asks something of a connected data logger; `loggerCommands` tells how it goes.
  /// - Throws: `LoggerNotConnected`.
  public func ask(
    _ request: HJ212Request, of mn: String
  ) throws(LoggerNotConnected) -> LoggerCommand {
    guard let (number, site) = loggers.find(mn),
      let command = loggers.ask(request, of: site, over: number, at: now)
    else {
      throw LoggerNotConnected(
        mn: mn, connected: loggers.connected.prefix(10).map(\.mn))
    }
    return command
  }

  /// What was asked of data loggers since the start, the last thousand, in order.
  public var loggerCommands: [LoggerCommand] { loggers.commands }

  /// The data loggers that are connected, by MN.
  public var connectedLoggers: [ConnectedLogger] { loggers.connected }
}
