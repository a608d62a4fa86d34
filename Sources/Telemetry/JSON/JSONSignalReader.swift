import FactoryModel

/// Reads JSON payloads into samples, as a mapping says: messages of a broker, bodies of requests.
///
/// A number that is not finite and `null` are bad readings; `true` and `false` are 1 and 0; a text
/// is a word of its signal, or its number when it is one and the signal speaks numbers.
public struct JSONSignalReader: Sendable {
  private let mapping: JSONMapping
  private let moments: MomentReader
  private let limit: Int
  private var signals: EntrySignals
  /// Signals by the entry of the mapping and the words in its gaps.
  private var known: [String: SignalID] = [:]

  /// A reader of payloads of one kind.
  public init(
    _ mapping: JSONMapping, limits: LineProtocolReader.Limits = LineProtocolReader.Limits()
  ) {
    self.mapping = mapping
    moments = MomentReader(
      zoneOffsetSeconds: mapping.zoneOffsetSeconds, precision: mapping.precision)
    limit = limits.lineBytes
    signals = EntrySignals(limits)
  }

  /// Reads one payload.
  ///
  /// - Parameters:
  ///   - topic: what it came on, cut at `/`; empty when it came on none.
  ///   - receivedAt: the time of readings without one.
  ///   - table: the same one in every call; new signals and texts are added.
  ///   - batch: the samples are added at its end; none when this throws.
  public mutating func read(
    _ payload: ArraySlice<UInt8>, topic: [String] = [], receivedAt: Timestamp,
    table: inout SignalTable, into batch: inout SampleBatch
  ) throws(EntryFault) {
    guard payload.count <= limit else { throw .tooLong(limit: limit) }
    let value = try JSONParser.parse(payload)
    var found: [Reading] = []
    for item in items(of: value) {
      try add(item, of: value, topic, receivedAt, &table, to: &found)
    }
    guard !found.isEmpty else { throw .nothingFound }
    for reading in found { batch.append(reading.signal, reading.sample) }
  }

  private struct Reading {
    var signal: SignalID
    var sample: Sample
  }

  private func items(of payload: JSONValue) -> [JSONValue] {
    let value = mapping.each.map { $0.value(in: payload) ?? .null } ?? payload
    if case .list(let items) = value { return items }
    return mapping.each == nil ? [value] : []
  }

  private mutating func add(
    _ item: JSONValue, of payload: JSONValue, _ topic: [String], _ receivedAt: Timestamp,
    _ table: inout SignalTable, to found: inout [Reading]
  ) throws(EntryFault) {
    let time = try time(of: item, payload) ?? receivedAt
    let quality = try quality(of: item)
    for (id, value) in try readings(of: item, topic, &table) {
      let number = try number(value, id, &table)
      found.append(
        Reading(
          signal: id,
          sample: Sample(time: time, value: number, quality: number.isFinite ? quality : .bad)))
    }
  }

  private func time(
    of item: JSONValue, _ payload: JSONValue
  ) throws(EntryFault) -> Timestamp? {
    guard let path = mapping.time,
      let value = path.value(in: item) ?? path.value(in: payload), value != .null
    else { return nil }
    guard let word = value.word, let time = moments.moment(word) else {
      throw .badTime((value.word ?? "a list, an object or a truth value").shortened)
    }
    return time
  }

  private func quality(of item: JSONValue) throws(EntryFault) -> Quality {
    guard let value = mapping.quality?.value(in: item), value != .null else { return .good }
    let word = value.word ?? ""
    guard let quality = Quality.allCases.first(where: { $0.name == word.lowercased() }) else {
      throw .badQuality(word.shortened)
    }
    return quality
  }

  private mutating func number(
    _ value: JSONValue, _ id: SignalID, _ table: inout SignalTable
  ) throws(EntryFault) -> Double {
    switch value {
    case .null: return .nan
    case .bool(let isTrue): return isTrue ? 1 : 0
    case .number(let digits): return Double(digits) ?? .nan
    case .text(let text):
      let number = Double(text)
      if let number, !signals.speaksWords(id, table, ifNew: false) { return number }
      guard signals.speaksWords(id, table, ifNew: true) else {
        throw .notANumber(text.shortened, signal: table[id].description.shortened)
      }
      return try signals.value(of: text, in: id, &table)
    case .list, .object: throw .badValue(signal: table[id].description.shortened)
    }
  }
}

extension JSONSignalReader {
  /// The values of an item that are recorded, with their signals.
  private mutating func readings(
    of item: JSONValue, _ topic: [String], _ table: inout SignalTable
  ) throws(EntryFault) -> [(SignalID, JSONValue)] {
    var readings: [(SignalID, JSONValue)] = []
    switch mapping.signals {
    case .entries(let entries):
      for (place, entry) in entries.enumerated() {
        guard let value = entry.value.value(in: item) else { continue }
        let words = try entry.signal.words(of: item, topic: topic)
        let id = try id(words, field: "\(place)", &table) { () throws(EntryFault) in
          try entry.signal.name(with: words)
        }
        readings.append((id, value))
      }
    case .all(let measurement):
      let words = try measurement.words(of: item, topic: topic)
      let besides = [mapping.time, mapping.quality].compactMap { $0?.description }
      var values: [(field: String, value: JSONValue)] = []
      Self.collect(item, [], besides, &values)
      for (field, value) in values {
        let id = try id(words, field: field, &table) { () throws(EntryFault) in
          let name = try measurement.name(with: words)
          return SignalName(path: "\(name.path).\(field)", tags: name.tags)
        }
        readings.append((id, value))
      }
    }
    return readings
  }

  /// The number of a signal; its name is put together only when the words are new.
  private mutating func id(
    _ words: [String], field: String, _ table: inout SignalTable,
    _ name: () throws(EntryFault) -> SignalName
  ) throws(EntryFault) -> SignalID {
    // No name has the mark in it: names are without control characters.
    let key = (words + [field]).joined(separator: "\u{1}")
    if let id = known[key] { return id }
    let id = try signals.id(of: try name(), &table)
    known[key] = id
    return id
  }

  private static func collect(
    _ value: JSONValue, _ keys: [String], _ besides: [String],
    _ values: inout [(field: String, value: JSONValue)]
  ) {
    switch value {
    case .object(let members):
      for member in members { collect(member.value, keys + [member.key], besides, &values) }
    case .list(let items):
      for (place, item) in items.enumerated() {
        collect(item, keys + ["\(place)"], besides, &values)
      }
    default:
      let field = keys.isEmpty ? "value" : keys.joined(separator: ".")
      guard !besides.contains(field) || keys.isEmpty else { return }
      values.append((field, value))
    }
  }
}
