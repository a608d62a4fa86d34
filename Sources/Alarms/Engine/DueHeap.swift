/// Alarms and when each wants to be looked at, the earliest first; of one moment the lowest alarm.
///
/// A binary heap that knows where each alarm stands in it, so that an alarm has one entry however
/// often it changes its mind.
struct DueHeap {
  /// One wish. Nanoseconds since 1970.
  struct Entry {
    var due: Int64
    var alarm: Int

    func isBefore(_ other: Entry) -> Bool {
      due < other.due || (due == other.due && alarm < other.alarm)
    }
  }

  private var entries: [Entry] = []
  /// For each alarm its place in `entries`, −1 for none.
  private var places: [Int] = []

  var first: Entry? { entries.first }

  /// When an alarm is due, `.max` for never.
  func due(of alarm: Int) -> Int64 {
    guard alarm < places.count, places[alarm] >= 0 else { return .max }
    return entries[places[alarm]].due
  }

  /// Sets when an alarm is due, `.max` for never.
  mutating func set(_ alarm: Int, due: Int64) {
    while places.count <= alarm { places.append(-1) }
    let place = places[alarm]
    if due == .max {
      if place >= 0 { remove(at: place) }
    } else if place < 0 {
      entries.append(Entry(due: due, alarm: alarm))
      rise(from: entries.count - 1)
    } else if entries[place].due != due {
      entries[place].due = due
      settle(at: place)
    }
  }

  private mutating func remove(at place: Int) {
    places[entries[place].alarm] = -1
    let last = entries.removeLast()
    guard place < entries.count else { return }
    entries[place] = last
    settle(at: place)
  }

  /// Moves an entry that may be too early or too late for its place.
  private mutating func settle(at place: Int) {
    let alarm = entries[place].alarm
    rise(from: place)
    sink(from: places[alarm])
  }

  private mutating func rise(from start: Int) {
    var place = start
    let entry = entries[place]
    while place > 0, entry.isBefore(entries[(place - 1) / 2]) {
      put(entries[(place - 1) / 2], at: place)
      place = (place - 1) / 2
    }
    put(entry, at: place)
  }

  private mutating func sink(from start: Int) {
    var place = start
    let entry = entries[place]
    while 2 * place + 1 < entries.count {
      var child = 2 * place + 1
      if child + 1 < entries.count, entries[child + 1].isBefore(entries[child]) { child += 1 }
      guard entries[child].isBefore(entry) else { break }
      put(entries[child], at: place)
      place = child
    }
    put(entry, at: place)
  }

  private mutating func put(_ entry: Entry, at place: Int) {
    entries[place] = entry
    places[entry.alarm] = place
  }
}
