/// What somebody may do.
public enum Permission: String, Hashable, Sendable, CaseIterable {
  /// See the screen, the record and the metrics.
  case read
  /// Acknowledge, reset, shelve and comment alarms.
  case handleAlarms
  /// Take alarms out of service and put them back.
  case changeService
  /// Send telemetry.
  case sendData
}

/// What somebody is in the plant.
public enum Role: String, Hashable, Sendable, CaseIterable {
  /// Looks.
  case viewer
  /// Looks and handles alarms.
  case `operator`
  /// May do everything.
  case engineer
  /// A program that sends telemetry and sees nothing.
  case writer

  /// What it may do.
  public var permissions: Set<Permission> {
    switch self {
    case .viewer: [.read]
    case .operator: [.read, .handleAlarms]
    case .engineer: Set(Permission.allCases)
    case .writer: [.sendData]
    }
  }

  /// How long a session lasts: a working day for those who may change something; a viewer's a
  /// month, for a screen on the wall.
  public var sessionLength: Duration {
    self == .viewer ? .seconds(30 * 86_400) : .seconds(12 * 3_600)
  }
}

/// Somebody, or a program, known to the plant.
public struct Operator: Hashable, Sendable {
  /// As the journal shows it.
  public var name: String
  public var role: Role
  public var password: PasswordHash

  public init(name: String, role: Role, password: PasswordHash) {
    self.name = name
    self.role = role
    self.password = password
  }
}
