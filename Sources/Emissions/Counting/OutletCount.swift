import FactoryModel

/// The open periods of one outlet.
///
/// Time is the newest reading's. A reading goes into its minute; each time the newest reading less
/// the allowance enters another minute, everything that has changed or ended is reckoned from below
/// upwards: minutes from readings, hours from minutes, days from hours, months from days. So the
/// result does not depend on how the readings were cut into batches, and late readings cost one
/// reckoning a minute. What can no longer change is forgotten.
struct OutletCount: Sendable {
  let outlet: EmissionOutlet
  private(set) var counts = EmissionCounts()
  private let kinds: [PeriodKind]
  private let openFor: Duration
  private let inputCount: Int
  private var minutes: [Timestamp: [MinuteReadings]] = [:]
  /// Periods reckoned, for each kind.
  private var tallies: [[Timestamp: [PeriodTally]]]
  /// Starts of the periods that have changed since they were reckoned, for each kind.
  private var changed: [Set<Timestamp>]
  /// For each kind above the minute the next period that will end, with readings or without.
  private var upcoming: [Timestamp?]
  private var newest: Timestamp?
  /// Readings before this are too late.
  private(set) var closedBefore = Self.believed.lowerBound
  /// When the horizon enters another minute.
  private var due = Self.believed.lowerBound
  private var clock: Timestamp?
  /// Readings a day ahead of the others, which wait to be believed.
  private var ahead: [(sample: Sample, input: Int)] = []

  /// The years 1970 to 2199.
  private static let believed =
    Timestamp(nanoseconds: 0)..<CivilTime(year: 2200, month: 1, day: 1).timestamp()

  init(_ outlet: EmissionOutlet) {
    self.outlet = outlet
    kinds = outlet.profile.kinds
    inputCount = outlet.inputs.count
    openFor = max(outlet.openFor, outlet.allowance)
    tallies = Array(repeating: [:], count: kinds.count)
    changed = Array(repeating: [], count: kinds.count)
    upcoming = Array(repeating: nil, count: kinds.count)
  }

  /// Takes a reading of an input.
  mutating func take(_ sample: Sample, input: Int, into results: inout EmissionResults) {
    guard Self.believed.contains(sample.time), !isAhead(of: clock, sample.time) else {
      counts.absurd += 1
      return
    }
    guard isAhead(of: newest, sample.time) else {
      counts.absurd += ahead.count
      ahead.removeAll()
      count(sample, input: input, into: &results)
      return
    }
    // A dozen in a row make a pause believed.
    ahead.append((sample, input))
    guard ahead.count == 12 else { return }
    for reading in ahead { count(reading.sample, input: reading.input, into: &results) }
    ahead.removeAll()
  }

  private func isAhead(of known: Timestamp?, _ time: Timestamp) -> Bool {
    known.map { time > $0 + .seconds(86_400) } ?? false
  }

  private mutating func count(_ sample: Sample, input: Int, into results: inout EmissionResults) {
    if upcoming[1] == nil { begin(at: sample.time) }
    guard start(kinds[1], sample.time) >= closedBefore else {
      counts.late += 1
      return
    }
    let minute = start(.minute, sample.time)
    let millisecond = UInt16((sample.time.nanoseconds - minute.nanoseconds) / 1_000_000)
    let value = outlet.value(sample.value, ofInput: input)
    let none = MinuteReadings()
    let isNew = minutes[minute, default: Array(repeating: none, count: inputCount)][input]
      .add(value, quality: sample.quality, millisecond: millisecond)
    guard isNew else {
      counts.repeated += 1
      return
    }
    counts.readings += 1
    changed[0].insert(minute)
    pass(to: sample.time, into: &results)
  }

  /// Lets time pass for an outlet that may have fallen silent.
  mutating func advance(to now: Timestamp, into results: inout EmissionResults) {
    guard upcoming[1] != nil, Self.believed.contains(now) else { return }
    clock = now
    pass(to: now - openFor, into: &results)
  }

  /// Goes on from recorded periods; what lies before the last basic one is closed.
  mutating func restore(_ recorded: [PeriodValue]) {
    for value in recorded {
      guard let level = kinds.indices.dropFirst().first(where: { kinds[$0] == value.kind }),
        let place = outlet.factors.firstIndex(where: { outlet.signal($0) == value.signal })
      else { continue }
      let none = Array(repeating: PeriodTally(), count: inputCount)
      tallies[level][value.start, default: none][place] = PeriodTally(value)
      if level == 1 { closedBefore = max(closedBefore, value.end) }
    }
    guard !tallies[1].isEmpty else { return }
    begin(at: closedBefore)
    for level in 2..<kinds.count {
      let parents = Set(tallies[level - 1].keys.map { start(kinds[level], $0) })
      changed[level] = parents.filter {
        tallies[level][$0] == nil || end(kinds[level], $0) > closedBefore
      }
    }
    forget()
  }

  private mutating func begin(at time: Timestamp) {
    for level in kinds.indices.dropFirst() { upcoming[level] = start(kinds[level], time) }
  }

  private mutating func pass(to time: Timestamp, into results: inout EmissionResults) {
    let time = max(time, newest ?? time)
    newest = time
    let horizon = time - outlet.allowance
    guard horizon >= due else { return }
    for level in kinds.indices { settle(level, before: horizon, into: &results) }
    due = end(.minute, start(.minute, horizon))
    let open = start(kinds[1], time - openFor)
    guard open > closedBefore else { return }
    closedBefore = open
    forget()
  }

  /// Reckons the periods of one kind that have changed, or ended, before a moment.
  private mutating func settle(
    _ level: Int, before horizon: Timestamp, into results: inout EmissionResults
  ) {
    if level > 0 { addEnded(level, before: horizon) }
    for begin in changed[level].sorted() where end(kinds[level], begin) <= horizon {
      changed[level].remove(begin)
      let reckoned = level == 0 ? minute(begin) : period(level, begin)
      guard tallies[level][begin] != reckoned else { continue }
      tallies[level][begin] = reckoned
      outlet.publish(reckoned, kinds[level], from: begin, into: &results)
      if level == 0 { forecast(after: begin, into: &results) }
      if level + 1 < kinds.count { changed[level + 1].insert(start(kinds[level + 1], begin)) }
    }
  }

  /// Periods end without readings too, but not more than a hundred in a row.
  private mutating func addEnded(_ level: Int, before horizon: Timestamp) {
    guard var begin = upcoming[level] else { return }
    for _ in 0..<100 where end(kinds[level], begin) <= horizon {
      changed[level].insert(begin)
      begin = end(kinds[level], begin)
    }
    upcoming[level] = max(begin, start(kinds[level], horizon))
  }

  private func minute(_ begin: Timestamp) -> [PeriodTally] {
    outlet.minute(minutes[begin] ?? [])
  }

  private func period(_ level: Int, _ begin: Timestamp) -> [PeriodTally] {
    let stop = end(kinds[level], begin)
    var below: [[PeriodTally]?] = []
    var at = begin
    while at < stop {
      below.append(tallies[level - 1][at])
      at = end(kinds[level - 1], at)
    }
    return outlet.period(kinds[level], below: below)
  }

  private func forecast(after minute: Timestamp, into results: inout EmissionResults) {
    let begin = start(kinds[1], minute)
    let span = begin..<end(kinds[1], begin)
    for (place, pollutant) in outlet.pollutants.enumerated() {
      let mean = HourForecast.mean(span, after: minute) { tallies[0][$0]?[place].converted }
      results.add(
        outlet.signal(pollutant.factor, "-\(kinds[1].rawValue)-forecast"), end(.minute, minute),
        mean.map { outlet.judged($0, pollutant) }, .good)
    }
  }

  /// Drops what belongs to periods that are closed.
  private mutating func forget() {
    let open = closedBefore
    minutes = minutes.filter { $0.key >= open }
    tallies[0] = tallies[0].filter { $0.key >= open - HourForecast.memory }
    for level in kinds.indices.dropFirst() {
      let above = kinds[min(level + 1, kinds.count - 1)]
      tallies[level] = tallies[level].filter {
        let parent = start(above, $0.key)
        return end(above, parent) > open || isAwaited(parent, level + 1)
      }
    }
  }

  /// Whether a period is still to be reckoned.
  private func isAwaited(_ begin: Timestamp, _ level: Int) -> Bool {
    level < kinds.count && changed[level].contains(begin)
  }

  private func start(_ kind: PeriodKind, _ time: Timestamp) -> Timestamp {
    kind.start(of: time, offsetSeconds: outlet.zoneOffsetSeconds)
  }

  private func end(_ kind: PeriodKind, _ start: Timestamp) -> Timestamp {
    kind.end(of: start, offsetSeconds: outlet.zoneOffsetSeconds)
  }
}
