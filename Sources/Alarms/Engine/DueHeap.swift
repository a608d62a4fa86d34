/// Alarms and when each wants to be looked at, the earliest first; of one moment the lowest alarm.
///
/// Entries are never changed: an alarm that changes its mind adds a second one, and who takes an
/// entry checks that it still stands.
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

  var first: Entry? { entries.first }

  mutating func insert(_ entry: Entry) {
    entries.append(entry)
    var place = entries.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard entries[place].isBefore(entries[parent]) else { return }
      entries.swapAt(place, parent)
      place = parent
    }
  }

  mutating func removeFirst() {
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < entries.count && entries[child].isBefore(entries[least]) {
        least = child
      }
      if least == place { return }
      entries.swapAt(place, least)
      place = least
    }
  }
}
