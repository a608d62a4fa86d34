import Alarms
import FactoryModel
import StrictYAML
import Telemetry

extension Site {
  /// Reads a site file. Throws with line, place and mend on every unknown key or wrong value.
  /// - Parameters:
  ///   - file: its name, for messages.
  ///   - model: reads the file of a learned alarm model.
  public init(
    yaml: String, file: String, model: @escaping (String) throws -> PrincipalModel
  ) throws {
    guard let document = try YAMLValue.document(yaml, file: file) else {
      throw YAMLError.missingKey(place: file, key: "listen")
    }
    let top = try document.mapping(keys: [
      "plant", "timeZone", "listen", "database", "signals", "alarms", "hj212", "machines", "shifts",
      "plan", "parts", "inspections", "lateness", "retention",
    ])
    plant = try top.string("plant") ?? "Gemba"
    utcOffsetSeconds = try top.zoneOffset("timeZone") ?? 0
    (http, hj212, lines) = try Self.listeners(top["listen"])
    database = try top.string("database") ?? "gemba.sqlite"
    signals = try Self.signals(top["signals"])
    rules = try AlarmRule.list(top["alarms"], model: model)
    loggers = try top["hj212"].map { try HJ212Settings($0) } ?? HJ212Settings()
    machines = try Self.list(top["machines"], Machine.init)
    shifts = try Self.list(top["shifts"], Shift.init)
    plan = try Self.list(top["plan"], PlannedQuantity.init)
    parts = try Self.list(top["parts"], PartSource.init)
    inspections = try Self.list(top["inspections"], Camera.init)
    lateness = try top.duration("lateness") ?? .seconds(60)
    retention = try top.duration("retention")
    try checkShiftsOfPlan(place: file)
  }

  private static func listeners(_ value: YAMLValue?) throws
    -> (http: ListenAddress?, hj212: ListenAddress?, lines: ListenAddress?)
  {
    guard let value else { return (ListenAddress(port: 8080), nil, nil) }
    let listen = try value.mapping(keys: ["http", "hj212", "lines"])
    return (
      try listen.address("http"), try listen.address("hj212"), try listen.address("lines")
    )
  }

  private static func signals(_ value: YAMLValue?) throws -> [SignalDescription] {
    guard let value, value.text != "auto" else { return [] }
    return try value.list("auto, or a list of signals").map(SignalDescription.init(_:))
  }

  private static func list<Item>(_ value: YAMLValue?, _ item: (YAMLValue) throws -> Item) throws
    -> [Item]
  {
    try value?.list("a list").map(item) ?? []
  }

  private func checkShiftsOfPlan(place: String) throws {
    let names = shifts.map(\.name)
    for shift in plan.compactMap(\.shift) where !names.contains(shift) {
      throw YAMLError.wrongValue(
        place: "\(place), plan, shift", found: shift,
        expected: "one of the shifts: \(names.joined(separator: ", "))")
    }
  }
}

extension StrictMapping {
  /// `host:port` or a port.
  func address(_ key: String) throws -> ListenAddress? {
    guard let value = self[key] else { return nil }
    guard let address = value.text.flatMap({ ListenAddress($0) }) else {
      throw value.wrong("host:port, such as 127.0.0.1:8080")
    }
    return address
  }

  /// A signal's name or pattern.
  func pattern(_ key: String) throws -> SignalPattern? {
    guard let value = self[key] else { return nil }
    guard let text = value.text, let pattern = try? SignalPattern(text) else {
      throw value.wrong("a signal: measurement.field{tag=value,…}")
    }
    return pattern
  }

  /// Minutes after midnight from `hh:mm`.
  func minuteOfDay(_ key: String) throws -> Int? {
    guard let value = self[key] else { return nil }
    guard let minute = value.text.flatMap({ minutes(ofDay: $0) }) else {
      throw value.wrong("a time of day, such as \"06:30\"")
    }
    return minute
  }

  /// Seconds ahead of UTC from `+08:00` or `UTC`.
  func zoneOffset(_ key: String) throws -> Int? {
    guard let value = self[key] else { return nil }
    let text = value.text ?? ""
    if text == "UTC" || text == "Z" { return 0 }
    guard let sign = text.first, sign == "+" || sign == "-",
      let minutes = minutes(ofDay: String(text.dropFirst()))
    else { throw value.wrong("UTC or an offset in quotes, such as \"+08:00\"") }
    return (sign == "-" ? -60 : 60) * minutes
  }
}

/// `hh:mm` as minutes; `24:00` is 1,440.
func minutes(ofDay text: String) -> Int? {
  let parts = text.split(separator: ":")
  guard parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]),
    (0..<60).contains(minute), (0...24).contains(hour), hour < 24 || minute == 0
  else { return nil }
  return hour * 60 + minute
}
