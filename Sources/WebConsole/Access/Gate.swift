import Access
import FactoryModel

/// Who a request comes from.
struct Visitor: Sendable {
  /// nil when nobody has logged in.
  var name: String?
  var permissions: Set<Permission> = []
  /// Of a browser that came with its cookie.
  var session: Session?

  /// Nobody; where no operators are known, everybody, who may do everything.
  static let nobody = Visitor()
  static let anybody = Visitor(permissions: Set(Permission.allCases))
}

/// Why somebody is not let in.
enum LoginRefusal: Error {
  case wrong
  /// Too many failures before.
  case wait(Duration)
}

/// The one owner of who may come in: operators, sessions, failures.
actor Gate {
  /// nil: nobody has to log in.
  private(set) var operators: OperatorList?
  private(set) var refusals = 0
  private var sessions = Sessions()
  private var attempts = LoginAttempts()
  /// By name: the password that was found right last, quick to check again.
  private var checked: [String: PasswordHash] = [:]
  private let checker = PasswordChecker()

  init(_ operators: OperatorList?) {
    self.operators = operators
  }

  /// Goes on with another operators file. Whoever is gone or has another password is out.
  func take(_ list: OperatorList?) {
    let unchanged = list?.operators.filter { operators?[$0.name]?.password == $0.password } ?? []
    sessions.keep(only: Set(unchanged.map(\.name)))
    checked.removeAll()
    operators = list
  }

  /// Whoever holds that cookie.
  func visitor(cookie token: String, at now: Timestamp) -> Visitor {
    guard let operators else { return .anybody }
    guard let session = sessions.find(token, at: now), let person = operators[session.name] else {
      return .nobody
    }
    return Visitor(name: person.name, permissions: person.role.permissions, session: session)
  }

  /// Whoever has that name and password.
  func visitor(
    name: String, password: String, from address: String, at now: Timestamp
  ) async throws(LoginRefusal) -> Visitor {
    guard operators != nil else { return .anybody }
    let person = try await check(name, password, from: address, at: now)
    return Visitor(name: person.name, permissions: person.role.permissions)
  }

  /// Opens a session for whoever has that name and password.
  func logIn(
    name: String, password: String, from address: String, at now: Timestamp
  ) async throws(LoginRefusal) -> Session {
    let person = try await check(name, password, from: address, at: now)
    guard person.role.permissions.contains(.read) else { throw .wrong }
    return sessions.start(for: person.name, lasting: person.role.sessionLength, at: now)
  }

  /// Ends a session.
  func logOut(_ session: Session) {
    sessions.end(session.token)
  }

  /// Whether an answer that lasts may go on.
  func mayStillRead(_ visitor: Visitor, at now: Timestamp) -> Bool {
    guard let operators else { return true }
    if let session = visitor.session, sessions.find(session.token, at: now) == nil { return false }
    return visitor.name.flatMap { operators[$0] }?.role.permissions.contains(.read) ?? false
  }

  private func check(
    _ name: String, _ password: String, from address: String, at now: Timestamp
  ) async throws(LoginRefusal) -> Operator {
    if let known = checked[name], let person = operators?[name], known.matches(password) {
      return person
    }
    if let wait = attempts.wait(name: name, address: address, at: now) {
      refusals += 1
      throw .wait(wait)
    }
    attempts.count(name: name, address: address, at: now)
    let person = operators?[name]
    let quick = await checker.check(password, against: person?.password)
    // The file may have been read again meanwhile.
    guard let quick, let person, operators?[name]?.password == person.password else {
      refusals += 1
      throw .wrong
    }
    attempts.forgive(name: name, address: address)
    checked[name] = quick
    return operators?[name] ?? person
  }
}

/// Checks passwords one after another, beside the gate, which others ask meanwhile.
private actor PasswordChecker {
  /// Compared with when the name is unknown, so that it takes as long.
  private let nobody = try? PasswordHash(of: "nobody has this password")

  /// A quick hash of the password when it is right.
  func check(_ password: String, against hash: PasswordHash?) -> PasswordHash? {
    let matches = (hash ?? nobody)?.matches(password) ?? false
    return matches && hash != nil ? PasswordHash(quickly: password) : nil
  }
}
