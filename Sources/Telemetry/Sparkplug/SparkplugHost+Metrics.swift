import FactoryModel
import SparkplugMessages

/// Metrics to samples.
extension SparkplugHost {
  /// Learns the metrics of a birth and takes their values.
  mutating func announce(
    _ message: SparkplugNode.Held, _ node: inout SparkplugNode, at now: Timestamp,
    _ signals: inout SignalTable, _ batch: inout SampleBatch
  ) {
    for metric in message.payload.metrics {
      guard metric.hasName, metric.name != "bdSeq", metric.name != "Node Control/Rebirth" else {
        continue
      }
      let key = SparkplugNode.MetricKey(device: message.topic.device, name: metric.name)
      if node.metrics[key] == nil {
        guard let signal = signal(key, of: message.topic.node, &signals) else { continue }
        node.metrics[key] = SparkplugNode.Metric(signal: signal, datatype: metric.datatype)
      }
      node.metrics[key]?.datatype = metric.datatype
      if metric.hasAlias { node.aliases[metric.alias] = key }
      add(metric, key, message.payload, &node, at: now, &signals, &batch)
    }
  }

  /// Takes the values of a data message; false when one belongs to no metric of a birth.
  mutating func read(
    _ message: SparkplugNode.Held, _ node: inout SparkplugNode, at now: Timestamp,
    _ signals: inout SignalTable, _ batch: inout SampleBatch
  ) -> Bool {
    var isKnown = true
    for metric in message.payload.metrics {
      let key =
        metric.hasName
        ? SparkplugNode.MetricKey(device: message.topic.device, name: metric.name)
        : metric.hasAlias ? node.aliases[metric.alias] : nil
      guard let key, node.metrics[key] != nil, key.device == message.topic.device else {
        counts.unknownMetrics += 1
        isKnown = false
        continue
      }
      add(metric, key, message.payload, &node, at: now, &signals, &batch)
    }
    return isKnown
  }

  private mutating func signal(
    _ key: SparkplugNode.MetricKey, of node: SparkplugTopic.Node, _ signals: inout SignalTable
  ) -> SignalID? {
    // These would end a signal's path.
    guard !key.name.isEmpty, !key.name.contains(where: { "{}\\".contains($0) }),
      signalCount < settings.mostSignals
    else {
      counts.refused += 1
      return nil
    }
    signalCount += 1
    var tags = [SignalName.Tag("group", node.group), .init("node", node.node)]
    if let device = key.device { tags.append(.init("device", device)) }
    return signals.id(of: SignalName(measurement: "sparkplug", field: key.name, tags: tags))
  }

  private mutating func add(
    _ metric: SparkplugMetric, _ key: SparkplugNode.MetricKey, _ payload: SparkplugPayload,
    _ node: inout SparkplugNode, at now: Timestamp, _ signals: inout SignalTable,
    _ batch: inout SampleBatch
  ) {
    guard let known = node.metrics[key] else { return }
    let milliseconds =
      metric.hasTimestamp ? metric.timestamp : payload.hasTimestamp ? payload.timestamp : nil
    let time = time(milliseconds, or: now)
    guard let value = value(metric, known, &signals) else { return }
    let quality = SparkplugDataType.quality(metric.properties)
    let sample = Sample(
      time: time, value: value, quality: value.isFinite ? quality : .bad)
    batch.append(known.signal, sample)
    // A historical value says nothing about now.
    if !metric.isHistorical { node.metrics[key]?.last = sample }
  }

  /// NaN for a metric that is null; nil for one that cannot be a sample.
  private mutating func value(
    _ metric: SparkplugMetric, _ known: SparkplugNode.Metric, _ signals: inout SignalTable
  ) -> Double? {
    let datatype = metric.hasDatatype ? metric.datatype : known.datatype
    guard !SparkplugDataType.isStructure(datatype) else {
      counts.unreadable += 1
      return nil
    }
    guard !metric.isNull, let value = metric.value else { return .nan }
    if let number = SparkplugDataType.number(value, datatype: datatype) { return number }
    guard case .stringValue(let text) = value else {
      counts.unreadable += 1
      return nil
    }
    let words = signals.texts(of: known.signal)
    guard words.count < settings.mostWords || words.contains(text) else {
      counts.refused += 1
      return nil
    }
    return signals.value(of: text, in: known.signal)
  }

  private mutating func time(_ milliseconds: UInt64?, or now: Timestamp) -> Timestamp {
    guard let milliseconds else { return now }
    let (nanoseconds, overflow) = Int64(clamping: milliseconds)
      .multipliedReportingOverflow(by: 1_000_000)
    guard !overflow else {
      counts.badTimes += 1
      return now
    }
    return Timestamp(nanoseconds: nanoseconds)
  }
}
