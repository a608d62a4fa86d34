import FactoryModel

extension Alarm {
  /// Whether the journal and the last samples do not tell how it stands.
  var needsMemory: Bool {
    detector.remembers || pending != nil || isBlind || reAlarmDue != nil || missedSince != nil
      || [.shelved, .suppressed, .outOfService].contains(state)
      || lastProcessTime != (since?.nanoseconds ?? .min)
  }

  /// What is kept of it beside the journal.
  /// - Parameter fingerprint: of its rule.
  func memory(under fingerprint: Int64) -> AlarmMemory {
    var memory = MemoryWriter()
    memory.put(fingerprint)
    memory.put(holds)
    memory.put(reading != nil)
    if let reading {
      memory.put(reading.value)
      memory.put(reading.limit)
      memory.put(reading.comment != nil)
      if let comment = reading.comment { memory.put(comment) }
    }
    memory.put(isOneShot)
    for time in [shelvedUntil, reAlarmDue, missedSince, lastProcessTime] { memory.put(time) }
    memory.put(isBlind)
    memory.put(pending != nil)
    if let pending {
      memory.put(pending.eventDue)
      memory.put(pending.arrivalDue)
    }
    detector.save(to: &memory)
    return AlarmMemory(alarm: rule.name, signal: signal, bytes: memory.bytes)
  }

  /// Takes in what was kept of it; of an alarm whose rule has changed only what is not the rule's.
  /// - Parameter fingerprint: of its rule.
  mutating func recall(_ bytes: [UInt8], under fingerprint: Int64) throws(MemoryFault) {
    var memory = MemoryReader(bytes)
    let isSameRule = try memory.int64() == fingerprint
    var old = self
    old.holds = try memory.bool()
    old.reading = nil
    if try memory.bool() {
      var reading = Judgement(holds: old.holds, value: try memory.double())
      reading.limit = try memory.optionalDouble()
      reading.comment = try memory.bool() ? try memory.text() : nil
      old.reading = reading
    }
    old.isOneShot = try memory.bool()
    old.shelvedUntil = try memory.optionalInt64()
    old.reAlarmDue = try memory.optionalInt64()
    old.missedSince = try memory.optionalInt64()
    old.lastProcessTime = try memory.optionalInt64() ?? .min
    if isSameRule {
      old.isBlind = try memory.bool()
      if try memory.bool() {
        old.pending = Pending(
          eventDue: try memory.int64(), arrivalDue: try memory.int64())
      }
      try old.detector.load(from: &memory)
      guard memory.isAtEnd else { throw MemoryFault() }
    }
    takeOver(old, isSameRule: isSameRule)
  }

  /// Becomes what an alarm of the same name and signal was; under another rule delays and charts
  /// begin anew.
  mutating func takeOver(_ old: Alarm, isSameRule: Bool) {
    let fresh = self
    self = old
    rule = fresh.rule
    ruleNumber = fresh.ruleNumber
    line = fresh.line
    savedArrival = nil
    guard !isSameRule else { return }
    pending = nil
    isBlind = false
    detector = fresh.detector
    suppressions = fresh.suppressions
    reAlarmDue = nil
    if state == .acknowledged, let since {
      reAlarmDue = rule.reAlarmAfter.map { (since + $0).nanoseconds }
    }
  }
}

extension Detector {
  /// Whether it goes by more than the newest sample.
  var remembers: Bool {
    switch self {
    case .limit, .stale, .equals: false
    case .deviation, .rate, .ewma, .cusum, .nelson, .unusual: true
    }
  }

  fileprivate func save(to memory: inout MemoryWriter) {
    switch self {
    case .limit, .stale, .equals: break
    case .deviation(let detector): memory.put(detector.setPoint)
    case .rate(let detector): detector.save(to: &memory)
    case .ewma(let chart): chart.save(to: &memory)
    case .cusum(let chart): chart.save(to: &memory)
    case .nelson(let chart): chart.save(to: &memory)
    case .unusual(let detector): detector.save(to: &memory)
    }
  }

  fileprivate mutating func load(from memory: inout MemoryReader) throws(MemoryFault) {
    switch self {
    case .limit, .stale, .equals: break
    case .deviation(var detector):
      detector.setPoint = try memory.optionalDouble()
      self = .deviation(detector)
    case .rate(var detector):
      try detector.load(from: &memory)
      self = .rate(detector)
    case .ewma(var chart):
      try chart.load(from: &memory)
      self = .ewma(chart)
    case .cusum(var chart):
      try chart.load(from: &memory)
      self = .cusum(chart)
    case .nelson(var chart):
      try chart.load(from: &memory)
      self = .nelson(chart)
    case .unusual(var detector):
      try detector.load(from: &memory)
      self = .unusual(detector)
    }
  }
}

extension AlarmRule {
  /// The same for the same rule in every run: FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo) of its words.
  var fingerprint: Int64 {
    var conditionWords = "\(condition)"
    if case .nelson(let rules, let baseline) = condition {
      // A set's own words come in another order each time.
      conditionWords = "\(rules.map(\.rawValue).sorted()) \(baseline)"
    }
    let words: [Any] = [
      signals, conditionWords, priority, deadband, onDelay, offDelay, latches,
      "\(reAlarmAfter, default: "never")", longestShelving, suppressions,
    ]
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in "\(words)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int64(bitPattern: hash)
  }
}
