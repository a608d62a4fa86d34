import FactoryModel
import Foundation
import Plant
import StrictYAML
import Telemetry

extension SignalDescription {
  init(_ value: YAMLValue) throws {
    let mapping = try value.mapping(keys: [
      "name", "label", "unit", "place", "kind", "low", "high", "specification", "factor", "offset",
      "interval",
    ])
    self.init(
      pattern: try mapping.required("name", mapping.pattern("name")),
      label: try mapping.string("label"), unit: try mapping.string("unit"),
      place: try mapping.string("place"), kind: try mapping.choice("kind"),
      low: try mapping.number("low"), high: try mapping.number("high"),
      specification: try mapping["specification"].map(Specification.init(_:)),
      factor: try mapping.number("factor") ?? 1, offset: try mapping.number("offset") ?? 0,
      interval: try mapping.duration("interval"))
  }
}

extension Specification {
  init(_ value: YAMLValue) throws {
    let mapping = try value.mapping(keys: ["low", "high"])
    let (low, high) = (try mapping.number("low"), try mapping.number("high"))
    guard low != nil || high != nil, (low ?? -.infinity) < (high ?? .infinity) else {
      throw value.wrong("low, high or both, low below high, such as {low: 9.95, high: 10.05}")
    }
    self.init(low: low, high: high)
  }
}

extension HJ212Settings {
  init(_ value: YAMLValue) throws {
    self.init()
    let mapping = try value.mapping(keys: ["crc", "timeZone", "answerTimeout", "loggers"])
    if let rule = try mapping.choice("crc", of: ChecksumRule.self) { checksum = rule }
    // Loggers write the plant's standard time all year.
    if let zone = try mapping.zone("timeZone") {
      zoneOffsetSeconds = zone.secondsFromGMT(for: Date(timeIntervalSince1970: 0))
    }
    if let timeout = try mapping.duration("answerTimeout") { answerTimeout = timeout }
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
