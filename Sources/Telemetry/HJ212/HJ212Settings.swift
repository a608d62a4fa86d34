/// How a source of HJ 212 packets is read.
public struct HJ212Settings: Hashable, Sendable {
  /// Which checksum a packet must carry.
  public enum ChecksumRule: String, Hashable, Sendable, CaseIterable {
    /// The one of the standard.
    case standard
    /// CRC-16/Modbus, in either order of its bytes.
    case modbus
    /// Either.
    case both
  }

  public var checksum: ChecksumRule = .standard
  /// Seconds the site's clock is ahead of UTC; times in packets carry no zone.
  public var zoneOffsetSeconds = 8 * 3_600
  /// How long a packet that has begun may take to arrive.
  public var packetTimeout: Duration = .seconds(10)
  /// How long to wait for the answer to a packet before it is sent again.
  public var answerTimeout: Duration = .seconds(10)
  /// How often a packet without an answer is sent again.
  public var resends = 3
  /// How long an accepted request may take.
  public var executionTimeout: Duration = .seconds(60)
  /// Bytes of the longest data segment taken. The standard says 1024; some loggers send a little more.
  public var longestSegment = 2_048
  /// Most signals that one connection may bring up.
  public var mostSignals = 10_000
  /// Sites (MN) that are heard, each with its password (PW) or nil for any; nil hears everybody.
  public var sites: [String: String?]?

  /// The defaults above.
  public init() {}
}
