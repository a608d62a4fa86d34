import FactoryModel

/// Finds what the site file says of each signal, once per signal.
struct SignalDescriber {
  private let descriptions: [SignalDescription]
  /// By the signal's number; nil for a signal that nothing is said of.
  private var found: [SignalDescription?] = []
  private var anyIsCalibrated = false

  init(_ descriptions: [SignalDescription]) {
    self.descriptions = descriptions
    anyIsCalibrated = descriptions.contains { $0.factor != 1 || $0.offset != 0 }
  }

  /// What is said of a signal.
  mutating func description(of id: SignalID, in table: SignalTable) -> SignalDescription? {
    while found.count <= Int(id.index) {
      let name = table[SignalID(index: Int32(found.count))]
      found.append(descriptions.first { $0.pattern.matches(name) })
    }
    return found[Int(id.index)]
  }

  /// Brings raw values to the signal's unit.
  mutating func calibrate(_ batch: inout SampleBatch, _ table: SignalTable) {
    guard anyIsCalibrated else { return }
    for place in 0..<batch.count {
      guard let known = description(of: batch.signals[place], in: table),
        known.factor != 1 || known.offset != 0
      else { continue }
      batch.setValue(batch.values[place] * known.factor + known.offset, at: place)
    }
  }
}
