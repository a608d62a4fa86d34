import FactoryModel
import Storage
import Telemetry

/// The recorded minutes, hours and days of one outlet, as uploads to a centre.
public struct PeriodUploads: Sendable {
  private let file: RecordFile
  private let table: PeriodTable
  private let outlet: String
  private let kinds: Set<PeriodKind>

  /// Uploads from a record, which a monitor may be writing meanwhile.
  /// - Parameter kinds: of `minute`, `hour` and `day` those that are sent.
  public init(
    record path: String, outlet: String, kinds: Set<PeriodKind>
  ) throws(StorageError) {
    file = try RecordFile(path: path, for: .read)
    table = PeriodTable(file)
    self.outlet = outlet
    self.kinds = kinds
  }

  /// The outlets of the record, by name.
  public func outlets() throws(StorageError) -> [String] {
    Set(try file.signals().all.compactMap { $0[tag: "outlet"] }).sorted()
  }

  var kindCount: Int { kinds.count }

  /// Those that begin in a range, in order of their ends, the shorter first.
  public func uploads(in range: Range<Timestamp>) throws(StorageError) -> [HJ212Upload] {
    try uploads(of: kinds, in: range)
  }

  /// What a centre asks for: the periods that begin from one moment to the other, both included;
  /// for current values the newest minute.
  func uploads(for request: HJ212Request, at now: Timestamp) throws(StorageError) -> [HJ212Upload] {
    switch request {
    case .minutes(let from, let to): try uploads(of: [.minute], from, through: to)
    case .hours(let from, let to): try uploads(of: [.hour], from, through: to)
    case .days(let from, let to): try uploads(of: [.day], from, through: to)
    case .current: try uploads(of: [.minute], in: now - .seconds(3_600)..<now).suffix(1)
    case .time, .setTime: []
    }
  }

  private func uploads(
    of kinds: Set<PeriodKind>, _ from: Timestamp, through to: Timestamp
  ) throws(StorageError) -> [HJ212Upload] {
    guard from <= to else { return [] }
    return try uploads(of: kinds, in: from..<to + .nanoseconds(1))
  }

  private func uploads(
    of kinds: Set<PeriodKind>, in range: Range<Timestamp>
  ) throws(StorageError) -> [HJ212Upload] {
    let rows = try table.values(of: kinds, in: range).filter { $0.signal[tag: "outlet"] == outlet }
    let periods = Dictionary(grouping: rows) { Period(end: $0.end, start: $0.start) }
    return periods.sorted { $0.key < $1.key }.compactMap { HJ212Upload($0.value) }
  }

  /// One kind of period has one length, so that start and end name it.
  private struct Period: Hashable, Comparable {
    var end: Timestamp
    var start: Timestamp

    static func < (left: Period, right: Period) -> Bool {
      left.end == right.end ? left.start > right.start : left.end < right.end
    }
  }
}
