import FactoryModel
import SparkplugMessages

/// Births, deaths and the order of messages.
extension SparkplugHost {
  /// Takes a message now, keeps it until its turn, or drops it.
  mutating func order(
    _ message: SparkplugNode.Held, _ node: inout SparkplugNode, at now: Timestamp,
    _ signals: inout SignalTable, _ batch: inout SampleBatch
  ) {
    if message.topic.kind == .nodeDeath {
      endLife(message.payload, &node, at: now, &batch)
      return
    }
    guard message.payload.hasSeq, let seq = UInt8(exactly: message.payload.seq) else {
      counts.malformed += 1
      return
    }
    if message.topic.kind == .nodeBirth {
      bear(message, seq, &node, at: now, &signals, &batch)
    } else if node.isAlive, seq == node.expected {
      node.expected &+= 1
      take(message, &node, at: now, &signals, &batch)
    } else {
      if node.isAlive { counts.gaps += 1 } else { counts.unborn += 1 }
      if !node.hold(message, seq: seq) { counts.refused += 1 }
      node.suspect(at: now, settings, isGap: node.isAlive)
      return
    }
    releaseNext(&node, at: now, &signals, &batch)
  }

  /// Takes the messages whose turn has come.
  private mutating func releaseNext(
    _ node: inout SparkplugNode, at now: Timestamp, _ signals: inout SignalTable,
    _ batch: inout SampleBatch
  ) {
    while let message = node.takeHeld(node.expected) {
      node.expected &+= 1
      take(message, &node, at: now, &signals, &batch)
    }
    if node.held.isEmpty, node.isOnlyGap { node.askAt = nil }
  }

  /// Takes the messages that still wait, in their order, past what is missing; without a birth they
  /// mean nothing.
  mutating func releaseAll(
    _ node: inout SparkplugNode, at now: Timestamp, _ signals: inout SignalTable,
    _ batch: inout SampleBatch
  ) {
    let start = node.expected
    for step in 0..<256 where node.isAlive && !node.held.isEmpty {
      let seq = start &+ UInt8(truncatingIfNeeded: step)
      guard let message = node.takeHeld(seq) else { continue }
      node.expected = seq &+ 1
      take(message, &node, at: now, &signals, &batch)
    }
    node.dropHeld()
  }

  private mutating func bear(
    _ message: SparkplugNode.Held, _ seq: UInt8, _ node: inout SparkplugNode, at now: Timestamp,
    _ signals: inout SignalTable, _ batch: inout SampleBatch
  ) {
    let bdSeq = message.payload.metrics.first { $0.name == "bdSeq" }.flatMap(Self.wholeNumber)
    // What belongs to devices counts again only after their own births.
    let stale = Set(node.metrics.keys.filter { $0.device != nil })
    if node.isAlive { spoil(&node, at: now, &batch) { stale.contains($0) } }
    node.beginLife(bdSeq: bdSeq, seq: seq)
    announce(message, &node, at: now, &signals, &batch)
  }

  private mutating func endLife(
    _ payload: SparkplugPayload, _ node: inout SparkplugNode, at now: Timestamp,
    _ batch: inout SampleBatch
  ) {
    let bdSeq = payload.metrics.first { $0.name == "bdSeq" }.flatMap(Self.wholeNumber)
    guard node.isAlive, bdSeq == node.bdSeq else {
      counts.oldDeaths += 1
      return
    }
    node.isAlive = false
    node.dropHeld()
    node.askAt = nil
    spoil(&node, at: now, &batch) { _ in true }
  }

  /// Takes a message of a node that lives, in its turn.
  private mutating func take(
    _ message: SparkplugNode.Held, _ node: inout SparkplugNode, at now: Timestamp,
    _ signals: inout SignalTable, _ batch: inout SampleBatch
  ) {
    let device = message.topic.device
    switch message.topic.kind {
    case .deviceBirth:
      node.devices.insert(device ?? "")
      announce(message, &node, at: now, &signals, &batch)
    case .deviceDeath:
      node.devices.remove(device ?? "")
      spoil(&node, at: now, &batch) { $0.device == device }
    case .deviceData where !node.devices.contains(device ?? ""):
      counts.unborn += 1
      node.suspect(at: now, settings, isGap: false)
    case .nodeData, .deviceData:
      let isKnown = read(message, &node, at: now, &signals, &batch)
      if !isKnown { node.suspect(at: now, settings, isGap: false) }
    case .nodeBirth, .nodeDeath, .nodeCommand, .deviceCommand: break
    }
  }

  /// Gives signals their last value again, bad, because nobody vouches for it any longer.
  private func spoil(
    _ node: inout SparkplugNode, at now: Timestamp, _ batch: inout SampleBatch,
    where isMeant: (SparkplugNode.MetricKey) -> Bool
  ) {
    let keys = node.metrics.keys.filter(isMeant)
    for key in keys.sorted(by: { ($0.device ?? "", $0.name) < ($1.device ?? "", $1.name) }) {
      guard let metric = node.metrics[key], let last = metric.last, last.quality != .bad
      else { continue }
      let sample = Sample(time: max(now, last.time), value: last.value, quality: .bad)
      batch.append(metric.signal, sample)
      node.metrics[key]?.last = sample
    }
  }

  private static func wholeNumber(_ metric: SparkplugMetric) -> UInt64? {
    switch metric.value {
    case .longValue(let number): number
    case .intValue(let number): UInt64(number)
    default: nil
    }
  }
}
