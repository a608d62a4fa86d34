import FactoryModel

extension AlarmEngine {
  /// How old the time on record may become while something waits for time to pass.
  private static let clockInterval = Duration.seconds(5).inNanoseconds
  /// What is kept of time.
  private static let clockKey = Key(alarm: "", signal: "")
  /// Signals whose arrivals are one entry: a commit may bring news of one signal or of thousands.
  private static let arrivalsInEntry = 128

  /// Whether `unsavedMemory` may give something although no sample came since the last time.
  public var hasUnsavedMemory: Bool { !lost.isEmpty || !changed.isEmpty || isClockDue }

  /// Whether something waits for time to pass and the time on record has become old.
  private var isClockDue: Bool {
    heap.first != nil && clock.subtractingSaturating(savedClock) >= Self.clockInterval
  }

  /// What has changed of what journal and last samples do not tell, to be committed with them.
  /// Call `memoryIsSaved` when it is on record, and before anything else.
  public func unsavedMemory(_ table: SignalTable) -> [AlarmMemory] {
    var entries = lost.map { AlarmMemory(alarm: $0.alarm, signal: $0.signal, bytes: []) }
    for alarm in changed { add(memory(of: alarm), to: &entries) }
    addArrivals(to: &entries)
    for (line, saved) in oddLines.sorted(by: { $0.key < $1.key }) {
      let entry = memory(ofLine: line, table)
      if entry.bytes != saved { entries.append(entry) }
    }
    if !entries.isEmpty || isClockDue {
      var time = MemoryWriter()
      time.put(clock)
      entries.append(AlarmMemory(alarm: "", signal: "", bytes: time.bytes))
    }
    return entries
  }

  /// What `unsavedMemory` gave is on record.
  public mutating func memoryIsSaved(_ entries: [AlarmMemory]) {
    for entry in entries {
      let key = Key(alarm: entry.alarm, signal: entry.signal)
      if entry.bytes.isEmpty { keptOnRecord.remove(key) } else { keptOnRecord.insert(key) }
    }
    lost.removeAll()
    for alarm in changed { alarms[alarm].isChanged = false }
    changed.removeAll(keepingCapacity: true)
    for alarm in staleAlarms { alarms[alarm].savedArrival = lastArrival(of: alarm) }
    for line in oddLines.keys {
      let bytes = lineBytes(line)
      oddLines[line] = bytes.isEmpty ? nil : bytes
    }
    if !entries.isEmpty { savedClock = clock }
  }

  /// Goes on where the engine was that gave this memory; after `restore` and `recall`, before the
  /// first sample. Alarms whose rule is another now begin their delays and charts anew.
  /// - Parameter entries: each alarm's and signal's last one.
  public mutating func restore(memory entries: [AlarmMemory], table: SignalTable) {
    if table.count > lines.count { attachSignals(of: table) }
    // Signals first: an alarm's own memory of its set-point is the newer one.
    for entry in entries.sorted(by: { $0.alarm < $1.alarm }) {
      let key = Key(alarm: entry.alarm, signal: entry.signal)
      keptOnRecord.insert(key)
      if key == Self.clockKey {
        var reader = MemoryReader(entry.bytes)
        resumedClock = try? reader.int64()
      } else if entry.signal.isEmpty {
        restore(arrivals: entry)
      } else if entry.alarm.isEmpty {
        restore(line: entry, table)
      } else if let alarm = alarmPlaces[key] {
        restore(alarm, from: entry)
      } else {
        lost.append(key)
      }
    }
  }

  /// The monitor did not run until now: what waits for the clock of arrival keeps what is left of
  /// its time, for no sample could arrive. Shelvings and re-alarms go by the calendar.
  public mutating func forgiveDowntime(until now: Timestamp) {
    guard let stopped = resumedClock else { return }
    resumedClock = now.nanoseconds
    let step = now.nanoseconds.subtractingSaturating(stopped)
    for line in lines.indices { lines[line].arrival = later(lines[line].arrival, by: step) }
    for line in lines.indices { lateSince[line] = later(lateSince[line], by: step) }
    for alarm in alarms.indices {
      alarms[alarm].missedSince = alarms[alarm].missedSince.map { later($0, by: step) }
      if let due = alarms[alarm].pending?.arrivalDue {
        alarms[alarm].pending?.arrivalDue = later(due, by: step)
      }
      note(alarm)
    }
  }

  /// An alarm may be another than on record.
  mutating func note(_ alarm: Int) {
    guard !alarms[alarm].isChanged else { return }
    alarms[alarm].isChanged = true
    changed.append(alarm)
  }

  private func add(_ entry: AlarmMemory, to entries: inout [AlarmMemory]) {
    let key = Key(alarm: entry.alarm, signal: entry.signal)
    if !entry.bytes.isEmpty || keptOnRecord.contains(key) { entries.append(entry) }
  }

  private func memory(of alarm: Int) -> AlarmMemory {
    alarms[alarm].needsMemory
      ? alarms[alarm].memory(under: fingerprints[alarms[alarm].ruleNumber])
      : AlarmMemory(alarm: alarms[alarm].rule.name, signal: alarms[alarm].signal, bytes: [])
  }

  private mutating func restore(_ alarm: Int, from entry: AlarmMemory) {
    // What another version has written is as good as nothing: the alarm begins anew.
    try? alarms[alarm].recall(entry.bytes, under: fingerprints[alarms[alarm].ruleNumber])
    touch(alarm)
  }
}

// MARK: Signals

extension AlarmEngine {
  /// When signals were last heard that a rule watches for silence, by the hundred.
  private func addArrivals(to entries: inout [AlarmMemory]) {
    var heard: Set<Int> = []
    for alarm in staleAlarms where lastArrival(of: alarm) != alarms[alarm].savedArrival {
      if let line = alarms[alarm].line { heard.insert(line / Self.arrivalsInEntry) }
    }
    for first in heard.sorted().map({ $0 * Self.arrivalsInEntry }) {
      var memory = MemoryWriter()
      for line in lines[first..<min(first + Self.arrivalsInEntry, lines.count)] {
        memory.put(line.arrival)
      }
      entries.append(AlarmMemory(alarm: "\(first)", signal: "", bytes: memory.bytes))
    }
  }

  private mutating func restore(arrivals entry: AlarmMemory) {
    // The next commit writes those anew that are still watched.
    lost.append(Key(alarm: entry.alarm, signal: ""))
    guard var line = Int(entry.alarm), line >= 0 else { return }
    var memory = MemoryReader(entry.bytes)
    while line < lines.count, let arrival = try? memory.int64() {
      lines[line].arrival = arrival
      line += 1
    }
  }

  /// What the newest sample on record does not tell of a signal: its last usable value when that one
  /// is bad, and where it is in time when its clock has been set back.
  private func memory(ofLine line: Int, _ table: SignalTable) -> AlarmMemory {
    AlarmMemory(
      alarm: "", signal: table[SignalID(index: Int32(line))].description, bytes: lineBytes(line))
  }

  private func lineBytes(_ line: Int) -> [UInt8] {
    let isLate = lateSince[line] != .max && lines[line].arrival <= lateSince[line]
    let isBehind = lines[line].newest < farthest[line] ?? .min
    guard isLate || isBehind || badLines.contains(line) else { return [] }
    var memory = MemoryWriter()
    memory.put(lines[line].value)
    memory.put(isLate ? lateSince[line] : .max)
    memory.put(isBehind ? lines[line].newest : nil)
    memory.put(badLines.contains(line))
    return memory.bytes
  }

  private mutating func restore(line entry: AlarmMemory, _ table: SignalTable) {
    guard let name = (try? SignalPattern(entry.signal))?.name, let line = linePlaces[name] else {
      return lost.append(Key(alarm: "", signal: entry.signal))
    }
    oddLines[line] = entry.bytes
    var memory = MemoryReader(entry.bytes)
    do throws(MemoryFault) {
      let value = try memory.double()
      if value.isFinite { recall(value, ofLine: line, in: table) }
      lateSince[line] = try memory.int64()
      if let newest = try memory.optionalInt64() {
        farthest[line] = lines[line].newest
        lines[line].newest = newest
      }
      if try memory.bool() { badLines.insert(line) }
    } catch {
      // Of another version: the next sample tells.
    }
  }
}

/// A time that is later by a step; the ends of the range mean never and stay.
private func later(_ time: Int64, by step: Int64) -> Int64 {
  time == .min || time == .max ? time : time.addingSaturating(step)
}
