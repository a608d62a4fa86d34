import FactoryModel

/// Parts of split packets, kept until their neighbours arrive.
///
/// Three readings of PNUM and PNO are in use. Parts that read alone and carry DataTime (the
/// standard's examples, and records of a history reply) are recorded when they arrive. A data text
/// that was cut anywhere is put together again: a part without DataTime, or with a torn item at
/// its end, continues in the next part. QN is no key, because the parts may have one each: parts
/// belong together by site, command, number of parts, and QN or DataTime where they have them.
struct HJ212Parts: Sendable {
  struct Part: Hashable, Sendable {
    var text: [UInt8]
    /// Whether it carries DataTime and so can begin a record.
    var beginsRecord: Bool
    /// Whether its samples were recorded on arrival.
    var isRecorded: Bool

    /// What keeping it takes; a part without text takes room and time too.
    var bytes: Int { text.count + 256 }
  }

  struct Key: Hashable, Sendable {
    var site: Int32
    var commandNumber: Int
    var partCount: Int
    var qn: [UInt8]
    var dataTime: Timestamp?
  }

  /// Text joined from neighbours.
  struct Record: Hashable, Sendable {
    var text: [UInt8]
    /// Fields that begin before this place were recorded already.
    var newFrom: Int
  }

  struct Group: Sendable {
    var key: Key
    let since: Timestamp
    var parts: [Int: Part]

    var missing: Int { key.partCount - parts.count }
    var bytes: Int { parts.values.reduce(0) { $0 + $1.bytes } }
  }

  private var groups: [Group] = []
  /// Most bytes kept; beyond them the oldest group is given up.
  private let mostBytes = 262_144
  private var bytes = 0

  /// When the oldest group began, nil without groups.
  var oldest: Timestamp? { groups.first?.since }

  /// Keeps a part; gives the group back when it is the last of it, or one that had to go.
  mutating func add(_ part: Part, number: Int, key: Key, at now: Timestamp) -> [Group] {
    if let known = groups.firstIndex(where: { Self.belongs(key, to: $0.key) }) {
      if groups[known].parts[number] == nil {
        groups[known].parts[number] = part
        groups[known].key.dataTime = groups[known].key.dataTime ?? key.dataTime
        bytes += part.bytes
      } else if groups[known].parts[number]?.text != part.text {
        groups.append(Group(key: key, since: now, parts: [number: part]))
        bytes += part.bytes
      }
      if groups[known].missing == 0 { return [remove(known)] }
    } else {
      groups.append(Group(key: key, since: now, parts: [number: part]))
      bytes += part.bytes
    }
    return bytes > mostBytes ? [remove(0)] : []
  }

  /// Takes out the groups that began at or before a moment.
  mutating func expire(begunBy moment: Timestamp) -> [Group] {
    var expired: [Group] = []
    while let first = groups.first, first.since <= moment { expired.append(remove(0)) }
    return expired
  }

  private mutating func remove(_ place: Int) -> Group {
    let group = groups.remove(at: place)
    bytes -= group.bytes
    return group
  }

  private static func belongs(_ key: Key, to group: Key) -> Bool {
    guard key.site == group.site, key.commandNumber == group.commandNumber,
      key.partCount == group.partCount
    else { return false }
    if let time = key.dataTime, let known = group.dataTime { return time == known }
    return key.qn == group.qn || key.dataTime == nil || group.dataTime == nil
  }

  /// The texts that become whole by joining, and whether some part is of no use.
  static func records(of group: Group) -> (records: [Record], isBroken: Bool) {
    var records: [Record] = []
    var isBroken = false
    var open: Record?
    var last = 0
    // Only those that have come: a peer may claim any number of parts.
    for (number, part) in group.parts.sorted(by: { $0.key < $1.key }) {
      if number > last + 1, let record = open {
        records.append(cutAtLastItem(record))
        open = nil
      }
      last = number
      if part.beginsRecord {
        if let record = open { records.append(record) }
        open = Record(
          text: part.text, newFrom: part.isRecorded ? lastItem(of: part.text) : 0)
        if part.isRecorded, group.parts[number + 1]?.beginsRecord != false { open = nil }
      } else if open != nil {
        open?.text += part.text
      } else {
        isBroken = true
      }
    }
    if let record = open {
      records.append(last == group.key.partCount ? record : cutAtLastItem(record))
    }
    return (records, isBroken)
  }

  private static func lastItem(of text: [UInt8]) -> Int {
    (text.lastIndex(of: UInt8(ascii: ";")) ?? -1) + 1
  }

  private static func cutAtLastItem(_ record: Record) -> Record {
    Record(text: Array(record.text[..<lastItem(of: record.text)]), newFrom: record.newFrom)
  }
}
