import FactoryModel

/// One read of neighbouring places of a table.
public struct ModbusRead: Hashable, Sendable {
  public var table: ModbusTable
  public var address: UInt16
  public var count: Int
}

/// A device that is polled, as a state machine: it says what to read and when, and makes samples of
/// the replies.
///
/// Reads fall due together every `interval`, at whole multiples of it. Points that lie side by side
/// share a read. After `missesUntilStale` polls in a row without a reply every signal gets its last
/// value again, bad; until the device answers it is asked at doubling intervals, up to a minute, so
/// that a dead device costs the others nothing.
public struct ModbusDevice: Sendable {
  /// Reads that make up one poll, in order of table and address.
  public let reads: [ModbusRead]
  /// When the next poll is due.
  public private(set) var due: Timestamp
  /// Polls in a row without a reply.
  public private(set) var misses = 0
  /// Values left out because their registers hold no number.
  public private(set) var unreadable = 0
  private let points: [[ModbusPoint]]
  private let interval: Duration
  private let missesUntilStale: Int
  private var last: [SignalName: Sample] = [:]

  /// A device whose first poll is due at once.
  /// - Parameters:
  ///   - interval: between polls, more than 0.
  ///   - widestGap: places between two points that one read may take along, although nobody wants
  ///     them; a device may refuse places that do not exist.
  /// - Precondition: every point lies below address 65536.
  public init(
    points: [ModbusPoint], every interval: Duration, missesUntilStale: Int = 3,
    widestGap: Int = 0, from now: Timestamp
  ) {
    precondition(interval > .zero, "an interval of \(interval)")
    let plan = Self.plan(points, widestGap: widestGap)
    reads = plan.map(\.read)
    self.points = plan.map(\.points)
    self.interval = interval
    self.missesUntilStale = missesUntilStale
    due = now
  }

  /// Takes the replies of one poll, one for each of `reads`: the places read, bits as 0 and 1, or nil
  /// where the device refused.
  public mutating func take(
    _ replies: [[UInt16]?], at now: Timestamp, signals: inout SignalTable,
    into batch: inout SampleBatch
  ) {
    misses = 0
    due = next(after: now, interval)
    for (place, read) in reads.enumerated() {
      let reply = place < replies.count ? replies[place] : nil
      for point in points[place] {
        let value = reply.flatMap { values in
          values.count == read.count ? self.value(point, of: values, read) : nil
        }
        guard let value else {
          unreadable += 1
          spoil(point, at: now, &signals, &batch)
          continue
        }
        add(point, Sample(time: now, value: value), &signals, &batch)
      }
    }
  }

  /// Notes that a poll brought no reply.
  public mutating func miss(
    at now: Timestamp, signals: inout SignalTable, into batch: inout SampleBatch
  ) {
    misses += 1
    let longest = max(interval, .seconds(60))
    due = next(after: now, min(longest, interval * (1 << min(misses - 1, 16))))
    guard misses == missesUntilStale else { return }
    for point in points.joined() { spoil(point, at: now, &signals, &batch) }
  }

  private func value(_ point: ModbusPoint, of reply: [UInt16], _ read: ModbusRead) -> Double? {
    let start = Int(point.address) - Int(read.address)
    return point.value(reply[start..<start + point.count])
  }

  private mutating func spoil(
    _ point: ModbusPoint, at now: Timestamp, _ signals: inout SignalTable,
    _ batch: inout SampleBatch
  ) {
    guard var sample = last[point.signal], sample.quality != .bad else { return }
    sample.quality = .bad
    sample.time = now
    add(point, sample, &signals, &batch)
  }

  private mutating func add(
    _ point: ModbusPoint, _ sample: Sample, _ signals: inout SignalTable,
    _ batch: inout SampleBatch
  ) {
    last[point.signal] = sample
    batch.append(signals.id(of: point.signal), sample)
  }

  /// The first multiple of a step that is later than `now`.
  private func next(after now: Timestamp, _ step: Duration) -> Timestamp {
    let step = max(1, step.inNanoseconds)
    let since = now.nanoseconds % step
    return now + .nanoseconds(since < 0 ? -since : step - since)
  }

  private static func plan(
    _ points: [ModbusPoint], widestGap: Int
  ) -> [(read: ModbusRead, points: [ModbusPoint])] {
    var plan: [(read: ModbusRead, points: [ModbusPoint])] = []
    for table in ModbusTable.allCases {
      let sorted = points.filter { $0.table == table }.sorted { $0.address < $1.address }
      for point in sorted {
        precondition(point.addresses.upperBound <= 65_536, "\(point.signal) lies beyond 65535")
        let end = point.addresses.upperBound
        if let open = plan.last?.read, open.table == table,
          Int(point.address) <= Int(open.address) + open.count + widestGap,
          end - Int(open.address) <= table.mostInOneRead
        {
          plan[plan.count - 1].read.count = max(open.count, end - Int(open.address))
          plan[plan.count - 1].points.append(point)
        } else {
          let read = ModbusRead(table: table, address: point.address, count: point.count)
          plan.append((read, [point]))
        }
      }
    }
    return plan
  }
}
