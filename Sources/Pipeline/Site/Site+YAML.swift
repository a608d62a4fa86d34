import Alarms
import FactoryModel
import Foundation
import Plant
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
      throw YAMLError.wrongValue(
        place: file, found: "an empty file", expected: "keys such as listen and alarms")
    }
    let top = try document.mapping(
      keys: [
        "listen", "database", "signals", "alarms", "actions", "armed", "hj212", "mqtt", "modbus",
        "lateness", "ahead", "operators", "reports", "retention",
      ]
        + PlantLayout.keys)
    plant = try PlantLayout(top, file: file)
    (http, hj212, lines) = try Self.listeners(top["listen"])
    (prefix, proxies) = try Self.proxies(top["listen"])
    hosts = try Self.hosts(top["listen"])
    operators = try top.string("operators")
    database = try top.string("database") ?? "gemba.sqlite"
    signals = try Self.signals(top["signals"])
    rejects = try RejectOutput.list(
      top["inspections"], folder: PathText.folder(of: file))
    rules = try AlarmRule.list(top["alarms"], model: model)
    if !rejects.isEmpty { rules += RejectOutput.rules(beside: rules) }
    loggers = try top["hj212"].map { try HJ212Settings($0) } ?? HJ212Settings()
    let folder = PathText.folder(of: file)
    actions = try AlarmAction.list(top["actions"], rules: rules, folder: folder)
    isArmed = try top.boolean("armed") ?? false
    reports = try top["reports"].map { [actions] in try ReportSettings($0, actions: actions) }
    brokers = try top.items("mqtt") { try BrokerSettings($0, folder: folder) }
    controllers = try top.items("modbus") { try ModbusSettings($0) }
    lateness = try top.duration("lateness") ?? .seconds(60)
    ahead = try top.duration("ahead") ?? .seconds(3_600)
    retention = try SiteRetention(top["retention"])
  }

  private static func listeners(_ value: YAMLValue?) throws
    -> (http: ListenAddress?, hj212: ListenAddress?, lines: ListenAddress?)
  {
    guard let value else { return (ListenAddress(port: 8080), nil, nil) }
    let listen = try value.mapping(keys: listenKeys)
    return (
      try listen.address("http"), try listen.address("hj212"), try listen.address("lines")
    )
  }

  private static let listenKeys = ["http", "hj212", "lines", "prefix", "proxies", "hosts"]

  private static func proxies(_ value: YAMLValue?) throws -> (prefix: String, proxies: [String]) {
    guard let value else { return ("", []) }
    let listen = try value.mapping(keys: listenKeys)
    let prefix = try listen.string("prefix") ?? ""
    let isPath = prefix.isEmpty || (prefix.hasPrefix("/") && !prefix.hasSuffix("/"))
    let isPlain = prefix.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || "/-_".utf8.contains($0)
    }
    guard isPath, isPlain else {
      throw (listen["prefix"] ?? value).wrong("a path such as /gemba, of letters and digits")
    }
    return (prefix, try listen.strings("proxies") ?? [])
  }

  private static func hosts(_ value: YAMLValue?) throws -> [String] {
    try value?.mapping(keys: listenKeys).strings("hosts") ?? []
  }

  private static func signals(_ value: YAMLValue?) throws -> [SignalDescription] {
    guard let value, value.text != "auto" else { return [] }
    return try value.list("auto, or a list of signals").map(SignalDescription.init(_:))
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
}
