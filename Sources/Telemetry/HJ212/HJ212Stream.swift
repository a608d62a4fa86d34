import FactoryModel

/// The bytes of one connection, cut into packets.
///
/// Whatever the borders of the pieces in which the bytes arrive, the same packets come out. A
/// packet that lies whole in one piece is read where it lies. What is kept between pieces is less
/// than one packet of the longest length allowed.
public struct HJ212Stream: Sendable {
  /// What was found.
  public enum Event: Equatable, Sendable {
    /// The data segment of a packet, and whether its checksum was Modbus'.
    case packet(Range<Int>, isModbus: Bool)
    case damaged(HJ212Damage)
  }

  private var framer: HJ212Framer
  private var kept: [UInt8] = []
  private var waitingSince: Timestamp?
  /// Bytes outside of packets, line ends not counted.
  public private(set) var strayBytes = 0

  /// Nothing read yet.
  public init(settings: HJ212Settings = HJ212Settings()) {
    framer = HJ212Framer(settings: settings)
  }

  /// Goes on under other settings, from the next packet on.
  public mutating func use(_ settings: HJ212Settings) {
    framer = HJ212Framer(settings: settings)
  }

  /// When the packet that has begun is late, nil when none has.
  public var deadline: Timestamp? {
    waitingSince.map { $0 + framer.settings.packetTimeout }
  }

  /// Takes bytes that arrived, which may be none, and hands on what is whole.
  ///
  /// `take` gets bytes, what was found there, and says whether the packet is well formed: inside
  /// of one that is not, the search goes on.
  public mutating func read(
    _ chunk: [UInt8], at now: Timestamp, _ take: (Span<UInt8>, Event) -> Bool
  ) {
    if let deadline, now >= deadline { giveUp(at: now, take) }
    if kept.isEmpty {
      let rest = scan(chunk.span, take)
      kept = Array(chunk[rest...])
      waitingSince = kept.isEmpty ? nil : now
    } else {
      kept += chunk
      rescan(at: now, take)
    }
  }

  /// The packets and damages in bytes that arrived, each data segment copied.
  public mutating func read(_ chunk: [UInt8], at now: Timestamp) -> [(Event, segment: [UInt8])] {
    var events: [(Event, segment: [UInt8])] = []
    read(chunk, at: now) { bytes, event in
      var segment: [UInt8] = []
      if case .packet(let range, _) = event { segment = range.map { bytes[$0] } }
      events.append((event, segment))
      return true
    }
    return events
  }

  /// The packet that began does not come: what arrived of it is looked through for others.
  private mutating func giveUp(at now: Timestamp, _ take: (Span<UInt8>, Event) -> Bool) {
    let damage = HJ212Damage.timedOut(
      claimed: HJ212Framer.claimedLength(kept.span), arrived: max(0, kept.count - 6))
    if kept.count >= 2 { _ = take(kept.span, .damaged(damage)) }
    kept.removeFirst(min(2, kept.count))
    waitingSince = nil
    rescan(at: now, take)
  }

  private mutating func rescan(at now: Timestamp, _ take: (Span<UInt8>, Event) -> Bool) {
    let bytes = kept
    let rest = scan(bytes.span, take)
    guard rest > 0 || waitingSince == nil else { return }
    kept = Array(bytes[rest...])
    waitingSince = kept.isEmpty ? nil : now
  }

  /// Hands on what is whole and gives the place from which bytes must be kept.
  private mutating func scan(
    _ bytes: Span<UInt8>, _ take: (Span<UInt8>, Event) -> Bool
  ) -> Int {
    var at = 0
    var sums = HJ212RunningSums()
    while true {
      switch framer.step(bytes, from: at, strayBytes: &strayBytes, sums: &sums) {
      case .packet(let segment, let next, let isModbus):
        let isTaken = take(bytes, .packet(segment, isModbus: isModbus))
        if !isTaken { sums.cover(bytes, segment) }
        at = isTaken ? next : segment.lowerBound - 4
      case .damaged(let damage, let next):
        _ = take(bytes, .damaged(damage))
        at = next
      case .wait(let from):
        return from
      }
    }
  }
}
