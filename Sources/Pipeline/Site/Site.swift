import Alarms
import FactoryModel
import Plant
import Telemetry

/// What the site file says: where to listen, what to record, which limits hold, what the plant is.
public struct Site: Sendable {
  public var plant: PlantLayout
  public var http: ListenAddress?
  public var hj212: ListenAddress?
  /// Line protocol over plain TCP.
  public var lines: ListenAddress?
  /// Where the console lies behind a proxy, such as `/gemba`; empty at the top.
  public var prefix: String
  /// Addresses of proxies whose word on the client counts; those on this machine always do.
  public var proxies: [String]
  /// Names by which browsers may ask for the console where nobody logs in, beside addresses and
  /// localhost.
  public var hosts: [String]
  /// Path of the operators file, relative to the site file's folder; nil: nobody logs in.
  public var operators: String?
  /// Path of the database, relative to the site file's folder.
  public var database: String
  /// Earlier ones win where several mean one signal.
  public var signals: [SignalDescription]
  public var rules: [AlarmRule]
  /// Each with a name of its own.
  public var actions: [AlarmAction]
  /// Reports of shifts, nil for none.
  public var reports: ReportSettings?
  /// Whether adjustments are written; else the journal says what would have been.
  public var isArmed: Bool
  public var loggers: HJ212Settings
  public var brokers: [BrokerSettings]
  public var controllers: [ModbusSettings]
  /// What verdicts drive, by the camera's name.
  public var rejects: [String: RejectOutput]
  /// How far behind its signal's newest sample a sample may be before it counts as late.
  public var lateness: Duration
  /// How far ahead of both this machine's clock and the newest sample a sample may be dated.
  public var ahead: Duration
  public var retention: SiteRetention
}
