/// How a Sparkplug host application behaves.
public struct SparkplugSettings: Hashable, Sendable {
  /// Its name in `spBv1.0/STATE/NAME`.
  public var hostID: String
  /// Groups that are heard; empty for all.
  public var groups: [String] = []
  /// How long to wait for messages that arrive out of order before a rebirth is asked for.
  public var reorderTimeout: Duration = .seconds(2)
  /// How long to wait before one node is asked for a rebirth again.
  public var rebirthInterval: Duration = .seconds(10)
  /// Most nodes and most signals that are remembered.
  public var mostNodes = 10_000
  public var mostSignals = 200_000
  /// Most words (texts) that one signal may speak.
  public var mostWords = 1_000

  /// The defaults above.
  public init(hostID: String = "gemba") {
    self.hostID = hostID
  }
}

/// What a host has seen; every number only grows.
public struct SparkplugCounts: Hashable, Sendable {
  public var messages = 0
  public var samples = 0
  /// Payloads that are no Sparkplug payload, or lack what their kind needs.
  public var malformed = 0
  /// Topics that are none of Sparkplug's, and groups that are not heard.
  public var strangers = 0
  /// Sequence numbers that were missed.
  public var gaps = 0
  /// Data of a node or device before its birth.
  public var unborn = 0
  /// Metrics whose alias or name no birth announced.
  public var unknownMetrics = 0
  /// NDEATH messages of an earlier connection of the node.
  public var oldDeaths = 0
  /// Metrics that are no number, text or truth value: bytes, data sets, templates.
  public var unreadable = 0
  /// Times that do not exist, for which the time of arrival stands in.
  public var badTimes = 0
  /// Nodes, signals and words left out because there were too many.
  public var refused = 0
  /// Rebirths asked for.
  public var rebirthsAsked = 0

  /// All zero.
  public init() {}
}
