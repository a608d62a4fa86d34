import Alarms
import FactoryModel

/// Alarms that are not normal, as a person can follow them: what began in a flood and stands at one
/// place is one group.
///
/// A flood is one of the alarms that are open now: more than ten of them began within ten minutes
/// (ISA-18.2, secondary). So the list needs no memory, and a flood that has been dealt with is gone.
public struct AlarmList: Sendable {
  /// By the worst priority, then the oldest first cause.
  public let groups: [AlarmGroup]
  /// Open ones that stand alone, then those that are shelved, suppressed or out of service; both as
  /// they came.
  public let alone: [AlarmStanding]

  /// - Parameters:
  ///   - standings: by priority and age.
  ///   - now: not before any of them.
  init(_ standings: [AlarmStanding], at now: Timestamp) {
    let open = standings.filter(\.state.isOpen)
    let floods = AlarmFlood.floods(of: open.compactMap(\.began).sorted(), until: now)
    let keys = open.map { alarm in
      floods.firstIndex { flood in alarm.began.map(flood.holds) ?? false }
        .map { AlarmGroup.Key(flood: $0, place: alarm.groupPlace) }
    }
    var members: [AlarmGroup.Key: [AlarmStanding]] = [:]
    for (alarm, key) in zip(open, keys) {
      if let key { members[key, default: []].append(alarm) }
    }
    members = members.filter { $0.value.count > 1 }
    groups = members.map(AlarmGroup.init).sorted {
      ($1.priority, $0.since, $0.id) < ($0.priority, $1.since, $1.id)
    }
    let isAlone = keys.map { key in key.map { members[$0] == nil } ?? true }
    alone =
      zip(open, isAlone).filter(\.1).map(\.0)
      + standings.filter { $0.state != .normal && !$0.state.isOpen }
  }
}

/// Open alarms of one flood at one place.
public struct AlarmGroup: Sendable {
  struct Key: Hashable {
    var flood: Int
    var place: String
  }

  /// Names it while its flood is open.
  public let id: String
  /// Machine, or place, or measurement.
  public let place: String
  /// In the order in which they began: the first is where to look for the cause.
  public let alarms: [AlarmStanding]
  /// The worst of them.
  public let priority: AlarmPriority
  public let unacknowledged: Int

  fileprivate init(_ key: Key, _ members: [AlarmStanding]) {
    id = "\(key.flood + 1) \(key.place)"
    place = key.place
    alarms = members.sorted { ($0.start, $0.name, $0.signal) < ($1.start, $1.name, $1.signal) }
    priority = members.map(\.priority).max() ?? .low
    unacknowledged = members.count { $0.state == .unacknowledged }
  }

  /// When the first of them began.
  public var since: Timestamp { alarms.first?.start ?? Timestamp(seconds: 0) }
}

extension AlarmStanding {
  fileprivate var start: Timestamp { began ?? Timestamp(seconds: 0) }

  /// Where a group of it stands: the signal's measurement where nothing better is known.
  fileprivate var groupPlace: String {
    if let place { return place }
    let path = signal.prefix { $0 != "{" }
    return String(path.lastIndex(of: ".").map { path[..<$0] } ?? path)
  }
}

extension AlarmState {
  /// Whether somebody has to do something about it.
  public var isOpen: Bool { isActive || self == .returned }
}
