import FactoryModel
import Foundation
import StrictYAML
import Telemetry

/// A broker of the site file, and what its topics mean.
public struct BrokerSettings: Hashable, Sendable {
  /// What the messages of some topics are.
  public struct TopicRule: Hashable, Sendable {
    /// With `+` for one level and `#` for the rest.
    public var filter: String
    public var mapping: JSONMapping
    /// Whether a payload that is not JSON is a word.
    public var takesWords: Bool
  }

  public var connection: MQTTSettings
  public var topics: [TopicRule]
  /// Nil where no Sparkplug is spoken.
  public var sparkplug: SparkplugSettings?

  /// Reads an item of `mqtt:`.
  /// - Parameter folder: which paths of files are relative to.
  init(_ value: YAMLValue, folder: String) throws {
    let mapping = try value.mapping(keys: MQTTSettings.keys + ["topics", "sparkplug"])
    connection = try MQTTSettings(mapping, folder: folder, clientID: "gemba")
    topics = try mapping.items("topics") { try TopicRule($0) }
    sparkplug = try mapping["sparkplug"].flatMap { try SparkplugSettings($0) }
  }
}

extension MQTTSettings {
  /// What says how a broker is reached.
  static let keys = ["broker", "clientID", "user", "password", "authorities", "version"]

  /// Reads `keys`.
  /// - Parameters:
  ///   - folder: which paths of files are relative to.
  ///   - clientID: where the file names none.
  init(_ mapping: StrictMapping, folder: String, clientID: String) throws {
    let broker = try mapping.required("broker", mapping.string("broker"))
    let parts = broker.split(separator: ":", maxSplits: 1).map(String.init)
    let authorities = try mapping.string("authorities")
    guard let host = parts.first, let port = parts.count == 2 ? Int(parts[1]) : 1_883,
      (1...65_535).contains(port)
    else {
      throw YAMLError.wrongValue(
        place: mapping.place, found: broker, expected: "host:port, such as 127.0.0.1:1883")
    }
    self.init(host: host, port: port, clientID: try mapping.string("clientID") ?? clientID)
    user = try mapping.string("user")
    password = try mapping.string("password")
    version = try mapping.choice("version") ?? .v3
    self.authorities = authorities.map { PathText.resolved($0, in: folder) }
  }
}

extension SparkplugSettings {
  /// `true`, or the host's name and the groups it listens to.
  fileprivate init?(_ value: YAMLValue) throws {
    switch value.text {
    case "true": self.init()
    case "false": return nil
    default:
      let mapping = try value.mapping(keys: ["host", "groups"])
      self.init(hostID: try mapping.string("host") ?? "gemba")
      groups = try mapping.strings("groups") ?? []
    }
  }
}

extension BrokerSettings.TopicRule {
  fileprivate init(_ value: YAMLValue) throws {
    let mapping = try value.mapping(keys: [
      "topic", "signal", "measurement", "values", "each", "time", "quality",
    ])
    filter = try mapping.required("topic", mapping.string("topic"))
    guard MQTTClient.isFilter(filter) else {
      throw YAMLError.wrongValue(
        place: value.place, found: filter,
        expected: "levels with / between them, + for any one, # for the rest at the end")
    }
    try Self.check(mapping)
    let signal = try mapping.string("signal")
    takesWords = signal != nil
    self.mapping = JSONMapping.readings
    if let signal {
      self.mapping = JSONMapping(.entries([.init(JSONPath(""), try template(signal, value))]))
    } else if let measurement = try mapping.string("measurement") {
      self.mapping = JSONMapping(.all(measurement: try template(measurement, value)))
    } else if let values = mapping["values"] {
      self.mapping = JSONMapping(
        .entries(
          try values.pairs().map { pair in
            .init(JSONPath(pair.key), try template(pair.value.text ?? "", pair.value))
          }))
    } else {
      return
    }
    self.mapping.each = try mapping.string("each").map { JSONPath($0) }
    self.mapping.time = try mapping.string("time").map { JSONPath($0) }
    self.mapping.quality = try mapping.string("quality").map { JSONPath($0) }
  }

  /// Of the ways to name a payload's values a topic has one, or none and nothing else.
  private static func check(_ mapping: StrictMapping) throws {
    let ways = ["signal", "measurement", "values"]
    let given = ways.filter { mapping[$0] != nil }
    guard given.count <= 1 else {
      throw YAMLError.wrongValue(
        place: mapping.place, found: given.joined(separator: " and "),
        expected: "one of \(ways.joined(separator: ", "))")
    }
    for key in ["each", "time", "quality"] where given.isEmpty && mapping[key] != nil {
      throw mapping.wrong(key, "no \(key) without one of \(ways.joined(separator: ", "))")
    }
  }

  /// Reads a signal's name with gaps, which the topics must be able to fill.
  private func template(_ text: String, _ value: YAMLValue) throws -> SignalTemplate {
    let template = try SignalTemplate(text)
    let levels = filter.split(separator: "/", omittingEmptySubsequences: false)
    guard levels.last == "#" || template.lastLevel <= levels.count else {
      throw YAMLError.wrongValue(
        place: value.place, found: text, expected: "at most $\(levels.count), the last level")
    }
    return template
  }
}
