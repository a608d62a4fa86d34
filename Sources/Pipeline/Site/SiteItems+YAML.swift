import FactoryModel
import StrictYAML
import Telemetry

extension SignalDescription {
  init(_ value: YAMLValue) throws {
    let mapping = try value.mapping(keys: [
      "name", "label", "unit", "place", "kind", "low", "high", "factor", "offset", "interval",
    ])
    self.init(
      pattern: try mapping.required("name", mapping.pattern("name")),
      label: try mapping.string("label"), unit: try mapping.string("unit"),
      place: try mapping.string("place"), kind: try mapping.choice("kind"),
      low: try mapping.number("low"), high: try mapping.number("high"),
      factor: try mapping.number("factor") ?? 1, offset: try mapping.number("offset") ?? 0,
      interval: try mapping.duration("interval"))
  }
}

extension HJ212Settings {
  init(_ value: YAMLValue) throws {
    self.init()
    let mapping = try value.mapping(keys: ["crc", "timeZone", "loggers"])
    if let rule = try mapping.choice("crc", of: ChecksumRule.self) { checksum = rule }
    if let offset = try mapping.zoneOffset("timeZone") { zoneOffsetSeconds = offset }
    guard let loggers = mapping["loggers"] else { return }
    var passwords: [String: String?] = [:]
    for logger in try loggers.list("a list of loggers, each with mn and maybe password") {
      let item = try logger.mapping(keys: ["mn", "password"])
      let site = try item.required("mn", item.string("mn"))
      passwords.updateValue(try item.string("password"), forKey: site)
    }
    sites = passwords
  }
}

extension Machine {
  init(_ value: YAMLValue) throws {
    let mapping = try value.mapping(keys: [
      "name", "station", "state", "running", "idealCycleTime", "signals",
    ])
    name = try mapping.required("name", mapping.string("name"))
    station = try mapping.string("station")
    state = try mapping.pattern("state")
    running = try mapping.strings("running") ?? ["running", "run", "1"]
    idealCycleSeconds = try mapping.duration("idealCycleTime")?.inSeconds
    signals = try mapping.strings("signals")?.map { try SignalPattern($0) } ?? []
  }
}

extension Shift {
  init(_ value: YAMLValue) throws {
    let mapping = try value.mapping(keys: ["name", "start", "end", "breaks"])
    name = try mapping.required("name", mapping.string("name"))
    startMinute = try mapping.required("start", mapping.minuteOfDay("start"))
    endMinute = try mapping.required("end", mapping.minuteOfDay("end"))
    breaks =
      try mapping["breaks"]?.list("a list of breaks, such as \"11:30-12:00\"").map { item in
        let ends = (item.text ?? "").split(separator: "-").map(String.init)
        guard ends.count == 2, let from = minutes(ofDay: ends[0]),
          let to = minutes(ofDay: ends[1]), from < to
        else { throw item.wrong("a stretch of the day, such as \"11:30-12:00\"") }
        return from..<to
      } ?? []
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
    let mapping = try value.mapping(keys: ["camera", "folder", "recipe", "station"])
    name = try mapping.required("camera", mapping.string("camera"))
    folder = try mapping.required("folder", mapping.string("folder"))
    recipe = try mapping.required("recipe", mapping.string("recipe"))
    station = try mapping.string("station")
  }
}
