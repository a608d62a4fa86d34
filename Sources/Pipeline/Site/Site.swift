import Alarms
import FactoryModel
import Telemetry

/// What the site file says: where to listen, what to record, which limits hold, what the plant is.
public struct Site: Sendable {
  /// The plant's name, the screen's title.
  public var plant: String
  /// Seconds that the plant's clocks are ahead of UTC.
  public var utcOffsetSeconds: Int
  public var http: ListenAddress?
  public var hj212: ListenAddress?
  /// Line protocol over plain TCP.
  public var lines: ListenAddress?
  /// Path of the database, relative to the site file's folder.
  public var database: String
  /// Earlier ones win where several mean one signal.
  public var signals: [SignalDescription]
  public var rules: [AlarmRule]
  public var loggers: HJ212Settings
  public var machines: [Machine]
  public var shifts: [Shift]
  public var plan: [PlannedQuantity]
  public var parts: [PartSource]
  public var inspections: [Camera]
  /// How far behind its signal's newest sample a sample may be before it counts as late.
  public var lateness: Duration
  /// How long history is kept, nil for ever.
  public var retention: Duration?
}

/// A machine of the plant.
public struct Machine: Hashable, Sendable {
  public var name: String
  public var station: String?
  /// The signal that says what it does, a word or a number.
  public var state: SignalPattern?
  /// Words or numbers of the state that mean it runs.
  public var running: [String]
  /// Seconds a part at full speed.
  public var idealCycleSeconds: Double?
  /// Signals shown beside it.
  public var signals: [SignalPattern]
}

/// A stretch of the day that a crew works.
public struct Shift: Hashable, Sendable {
  public var name: String
  /// Minutes after midnight; `end` below `start` reaches into the next day.
  public var startMinute: Int
  public var endMinute: Int
  /// Pairs of minutes after midnight.
  public var breaks: [Range<Int>]
}

/// How many parts a shift should make.
public struct PlannedQuantity: Hashable, Sendable {
  /// nil for every shift.
  public var shift: String?
  public var product: String?
  public var quantity: Int
}

/// Where part events come from.
public struct PartSource: Hashable, Sendable {
  /// How the signal counts parts.
  public enum Counting: String, CaseIterable, Hashable, Sendable {
    /// A counter that only grows (or starts again at 0).
    case counter
    /// Each sample is one part.
    case event
  }
  public var station: String
  public var signal: SignalPattern
  public var counting: Counting
  /// Whether this station's parts are the plant's finished parts.
  public var isOutput: Bool
}

/// A camera that writes PNG images into a folder, and the recipe that judges them.
public struct Camera: Hashable, Sendable {
  public var name: String
  /// Paths, relative to the site file's folder.
  public var folder: String
  public var recipe: String
  public var station: String?
}
