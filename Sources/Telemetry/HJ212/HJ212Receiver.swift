import FactoryModel

/// The monitoring centre's end of one connection.
///
/// Bytes and the time go in; samples, answers and the outcome of our own requests come out. Nothing
/// that arrives closes the connection. Everything kept is bounded: one packet, the parts of split
/// packets up to 256 KiB, the signals allowed by the settings.
public struct HJ212Receiver: Sendable {
  private var stream: HJ212Stream
  private var session: HJ212Session

  /// A connection just opened.
  public init(settings: HJ212Settings = HJ212Settings()) {
    stream = HJ212Stream(settings: settings)
    session = HJ212Session(settings: settings)
  }

  /// Goes on under other settings, from the next packet on.
  public mutating func use(_ settings: HJ212Settings) {
    stream.use(settings)
    session.decoder.settings = settings
    session.requests.settings = settings
  }

  /// What was seen so far.
  public var counts: HJ212Counts {
    var counts = session.decoder.counts
    counts.strayBytes = stream.strayBytes
    return counts
  }

  /// When `advance` wants to be called, nil when nothing waits.
  public var deadline: Timestamp? {
    [stream.deadline, session.deadline, session.requests.deadline].compactMap { $0 }.min()
  }

  /// Takes bytes that arrived, adds their samples, and gives the bytes to send back.
  ///
  /// `signals` must be the same table at every call: the numbers of signals are remembered.
  public mutating func receive(
    _ chunk: [UInt8], at now: Timestamp, signals: inout SignalTable,
    into batch: inout SampleBatch
  ) -> [UInt8] {
    Self.read(chunk, at: now, &stream, &session, &signals, &batch)
    return finish(at: now, &signals, &batch)
  }

  /// Lets time pass: gives up what is late and sends again what was not answered.
  public mutating func advance(
    to now: Timestamp, signals: inout SignalTable, into batch: inout SampleBatch
  ) -> [UInt8] {
    if let deadline = stream.deadline, now >= deadline {
      Self.read([], at: now, &stream, &session, &signals, &batch)
    }
    return finish(at: now, &signals, &batch)
  }

  /// Asks something of the site; the outcome comes with `takeOutcomes`.
  /// - Returns: the request's QN and the bytes to send.
  public mutating func ask(
    _ request: HJ212Request, of site: HJ212Address, at now: Timestamp
  ) -> (qn: String, bytes: [UInt8]) {
    session.requests.ask(request, of: site, at: now)
  }

  /// Whether a site has said that it will carry out a request that has not ended.
  public func isAccepted(_ qn: String) -> Bool { session.requests.isAccepted(qn) }

  /// The sites that have spoken here, each as it gave itself in its first packet.
  public var sites: [HJ212Address] { session.sites }

  /// Requests that have come to an end since the last call.
  public mutating func takeOutcomes() -> [HJ212Outcome] { session.requests.takeOutcomes() }

  /// The first few damages since the last call, for the log; `counts` has all.
  public mutating func takeDamages() -> [HJ212Damage] {
    defer { session.damages.removeAll() }
    return session.damages
  }

  private mutating func finish(
    at now: Timestamp, _ signals: inout SignalTable, _ batch: inout SampleBatch
  ) -> [UInt8] {
    session.expireParts(at: now, signals: &signals, into: &batch)
    let output = session.output + session.requests.advance(to: now)
    session.output.removeAll()
    return output
  }

  private static func read(
    _ chunk: [UInt8], at now: Timestamp, _ stream: inout HJ212Stream,
    _ session: inout HJ212Session, _ signals: inout SignalTable, _ batch: inout SampleBatch
  ) {
    stream.read(chunk, at: now) { bytes, event in
      session.take(bytes, event, at: now, signals: &signals, into: &batch)
    }
  }
}
