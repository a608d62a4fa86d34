import Emissions
import FactoryModel
import Foundation
import StrictYAML

extension PlantLayout {
  /// The keys of a site file that say what the plant is.
  public static let keys = [
    "plant", "timeZone", "machines", "shifts", "plan", "parts", "inspections", "emissions",
  ]

  /// Reads what a site file says of the plant. Throws `YAMLError`.
  /// - Parameter file: its name, for messages.
  public init(_ top: StrictMapping, file: String) throws {
    self.init()
    name = try top.string("plant") ?? name
    timeZone = try top.zone("timeZone") ?? timeZone
    machines = try top.items("machines", Machine.init)
    shifts = try top.items("shifts", Shift.init)
    plan = try top.items("plan", PlannedQuantity.init)
    parts = try top.items("parts", PartSource.init)
    cameras = try top.items("inspections", Camera.init)
    outlets = try EmissionOutlet.list(top["emissions"])
    let names = shifts.map(\.name)
    for shift in plan.compactMap(\.shift) where !names.contains(shift) {
      throw YAMLError.wrongValue(
        place: "\(file), plan, shift", found: shift,
        expected: "one of the shifts: \(names.joined(separator: ", "))")
    }
  }
}

extension Machine {
  init(_ value: YAMLValue) throws {
    let mapping = try value.mapping(keys: [
      "name", "station", "state", "running", "changeover", "idealCycleTime", "signals",
    ])
    name = try mapping.required("name", mapping.string("name"))
    station = try mapping.string("station")
    state = try mapping.pattern("state")
    running = try mapping.strings("running") ?? ["running", "run", "1"]
    changeover = try mapping.strings("changeover") ?? ["changeover", "setup"]
    idealCycleSeconds = try mapping.duration("idealCycleTime").map(\.inSeconds)
    signals = try mapping.strings("signals")?.map { try SignalPattern($0) } ?? []
  }
}

extension Shift {
  init(_ value: YAMLValue) throws {
    let mapping = try value.mapping(keys: ["name", "start", "end", "breaks"])
    name = try mapping.required("name", mapping.string("name"))
    startMinute = try mapping.required("start", mapping.minuteOfDay("start"))
    endMinute = try mapping.required("end", mapping.minuteOfDay("end"))
    breaks = try mapping.items("breaks") { item in
      let ends = (item.text ?? "").split(separator: "-").map(String.init)
      guard ends.count == 2, let from = minutes(ofDay: ends[0]), let to = minutes(ofDay: ends[1]),
        from < to
      else { throw item.wrong("a stretch of the day, such as \"11:30-12:00\"") }
      return from..<to
    }
  }
}

extension PlannedQuantity {
  init(_ value: YAMLValue) throws {
    let mapping = try value.mapping(keys: ["shift", "product", "quantity"])
    shift = try mapping.string("shift")
    product = try mapping.string("product")
    quantity = try mapping.required("quantity", mapping.integer("quantity"))
  }
}

extension PartSource {
  init(_ value: YAMLValue) throws {
    let mapping = try value.mapping(keys: ["station", "signal", "counting", "output"])
    station = try mapping.required("station", mapping.string("station"))
    signal = try mapping.required("signal", mapping.pattern("signal"))
    counting = try mapping.choice("counting") ?? .counter
    isOutput = try mapping.boolean("output") ?? false
  }
}

extension Camera {
  init(_ value: YAMLValue) throws {
    // What a verdict drives is read by Pipeline.
    let mapping = try value.mapping(keys: ["camera", "folder", "recipe", "station", "reject"])
    name = try mapping.required("camera", mapping.string("camera"))
    folder = try mapping.required("folder", mapping.string("folder"))
    recipe = try mapping.required("recipe", mapping.string("recipe"))
    station = try mapping.string("station")
  }
}

extension StrictMapping {
  /// A signal's name or pattern.
  package func pattern(_ key: String) throws -> SignalPattern? {
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

  /// A time zone from `Asia/Shanghai`, `+08:00` or `UTC`.
  package func zone(_ key: String) throws -> TimeZone? {
    guard let value = self[key] else { return nil }
    let text = value.text ?? ""
    if let sign = text.first, sign == "+" || sign == "-",
      let minutes = minutes(ofDay: String(text.dropFirst()))
    {
      return TimeZone(secondsFromGMT: (sign == "-" ? -60 : 60) * minutes)
    }
    guard let zone = TimeZone(identifier: text) else {
      throw value.wrong("a time zone such as Asia/Shanghai, UTC, or an offset such as \"+08:00\"")
    }
    return zone
  }
}

/// `hh:mm` as minutes; `24:00` is 1,440.
private func minutes(ofDay text: String) -> Int? {
  let parts = text.split(separator: ":")
  guard parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]),
    (0..<60).contains(minute), (0...24).contains(hour), hour < 24 || minute == 0
  else { return nil }
  return hour * 60 + minute
}
