import FactoryModel

/// Somebody who has logged in on the page.
public struct Session: Hashable, Sendable {
  /// What the browser's cookie holds: 256 random bits in hexadecimal.
  public var token: String
  public var name: String
  /// What every request that changes something must bring beside the cookie.
  public var formToken: String
  public var end: Timestamp
}

/// The open sessions. They live in memory only: a restart ends them all.
public struct Sessions: Sendable {
  /// Sessions of one name; beyond it its oldest ends.
  static let perName = 50

  private var open: [String: Session] = [:]

  /// None yet.
  public init() {}

  /// Opens a session.
  public mutating func start(for name: String, lasting length: Duration, at now: Timestamp)
    -> Session
  {
    open = open.filter { $0.value.end > now }
    let own = open.values.filter { $0.name == name }
    if own.count >= Self.perName, let oldest = own.min(by: { $0.end < $1.end }) {
      open[oldest.token] = nil
    }
    let session = Session(
      token: Self.randomToken(), name: name, formToken: Self.randomToken(), end: now + length)
    open[session.token] = session
    return session
  }

  /// The session of a cookie, nil when there is none or it is over.
  public func find(_ token: String, at now: Timestamp) -> Session? {
    open[token].flatMap { $0.end > now ? $0 : nil }
  }

  /// Ends a session.
  public mutating func end(_ token: String) {
    open[token] = nil
  }

  /// Ends all sessions but those of `names`.
  public mutating func keep(only names: Set<String>) {
    open = open.filter { names.contains($0.value.name) }
  }

  /// The system's random numbers are made for secrets (getrandom on Linux).
  private static func randomToken() -> String {
    var random = SystemRandomNumberGenerator()
    return (0..<4).map { _ in
      let digits = String(random.next(), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
