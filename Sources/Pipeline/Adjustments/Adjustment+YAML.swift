import FactoryModel
import Plant
import StrictYAML

extension Adjustment {
  /// Reads `adjust:`.
  /// - Parameters:
  ///   - action: its name.
  ///   - folder: which paths of files are relative to.
  init(_ value: YAMLValue, of action: String, folder: String) throws {
    let mapping = try value.mapping(
      keys: PlantOutput.keys + [
        "value", "step", "low", "high", "atMost", "undo", "readBack", "fresh", "tolerance", "armed",
      ])
    output = try PlantOutput(mapping, clientID: "gemba-adjust-\(action)", folder: folder)
    let low = try mapping.required("low", mapping.number("low"))
    let high = try mapping.required("high", mapping.number("high"))
    guard low < high else { throw mapping.wrong("high", "more than low, \(low.shortText)") }
    bounds = low...high
    limit = try mapping.limit("atMost")
    readBack = try mapping.readBack()
    change = try mapping.change()
    undoing = try mapping.undoing()
    freshness = try mapping.duration("fresh") ?? freshness
    tolerance = try mapping.number("tolerance") ?? (high - low) / 1_000
    isArmed = try mapping.boolean("armed")
    guard tolerance >= 0 else { throw mapping.wrong("tolerance", "zero or more") }
    for key in ["fresh", "tolerance"] where readBack == nil && mapping[key] != nil {
      throw mapping.wrong(key, "no \(key) without readBack")
    }
    try checkBounds(mapping)
  }

  /// What is written must lie within the bounds, and these in what the output can hold.
  private func checkBounds(_ mapping: StrictMapping) throws {
    for (key, end) in [("low", bounds.lowerBound), ("high", bounds.upperBound)]
    where !output.takes(end) {
      throw mapping.wrong(key, "a number that \(output) can hold")
    }
    let range = "\(bounds.lowerBound.shortText) to \(bounds.upperBound.shortText), its low and high"
    if case .value(let number) = change, !bounds.contains(number) || !output.takes(number) {
      throw mapping.wrong("value", range)
    }
    if case .value(let number) = undoing, !bounds.contains(number) || !output.takes(number) {
      throw mapping.wrong("undo", range)
    }
  }
}

extension StrictMapping {
  /// `1 per 10m`.
  fileprivate func limit(_ key: String) throws -> Adjustment.Limit {
    let words = try required(key, string(key)).split(separator: " ")
    guard words.count == 3, words[1] == "per", let count = Int(words[0]), count >= 1,
      let per = StrictYAML.duration(of: String(words[2])), per > .zero
    else { throw wrong(key, "how often at most, such as 1 per 10m") }
    return Adjustment.Limit(count: count, per: per)
  }

  fileprivate func readBack() throws -> SignalName? {
    guard let signal = try pattern("readBack") else { return nil }
    guard let name = signal.name else { throw wrong("readBack", "one signal, without *") }
    return name
  }

  fileprivate func change() throws -> Adjustment.Change {
    switch (try number("value"), try number("step")) {
    case (let value?, nil): return .value(value)
    case (nil, let step?):
      guard self["readBack"] != nil else {
        throw wrong("step", "readBack beside it, the signal that it goes on from")
      }
      guard step != 0 else { throw wrong("step", "a number other than 0") }
      return .step(step)
    default:
      throw YAMLError.wrongValue(
        place: place, found: self["value"] == nil ? "neither value nor step" : "value and step",
        expected: "one of value, step")
    }
  }

  fileprivate func undoing() throws -> Adjustment.Undoing {
    let word = try required("undo", string("undo"))
    if word == "nothing" { return .nothing }
    if let number = self["undo"]?.number { return .value(number) }
    guard word == "previous" else {
      throw wrong("undo", "a number, previous (what readBack said before), or nothing")
    }
    guard self["readBack"] != nil else {
      throw wrong("undo", "readBack beside previous, the signal that says what it was")
    }
    return .previous
  }
}
