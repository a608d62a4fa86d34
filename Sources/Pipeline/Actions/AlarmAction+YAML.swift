import Alarms
import FactoryModel
import Foundation
import StrictYAML

extension AlarmAction {
  private static let ways = [
    "webhook", "alertmanager", "publish", "command", "modbusWrite", "adjust",
  ]

  /// Reads `actions:`.
  /// - Parameters:
  ///   - rules: the alarms that can be meant.
  ///   - folder: which paths of files are relative to.
  static func list(
    _ value: YAMLValue?, rules: [AlarmRule], folder: String
  ) throws -> [AlarmAction] {
    var actions: [AlarmAction] = []
    guard let value else { return [] }
    for (index, item) in try value.list("a list of actions").enumerated() {
      let name = (try? item.pairs())?.first { $0.key == "name" }?.value.text
      let place = "\(value.place), \(name ?? "action \(index + 1)")"
      let action = try AlarmAction(item.named(place), rules: rules, folder: folder)
      if actions.contains(where: { $0.name == action.name }) {
        throw YAMLError.wrongValue(
          place: place, found: "a second action of this name", expected: "another name")
      }
      actions.append(action)
    }
    return actions
  }

  private init(_ value: YAMLValue, rules: [AlarmRule], folder: String) throws {
    let mapping = try value.mapping(
      keys: ["name", "headers", "alarms", "states", "attempts", "wait", "timeout"] + Self.ways)
    name = try mapping.required("name", mapping.string("name"))
    way = try Self.way(mapping, of: name, folder: folder)
    alarms = try mapping.strings("alarms") ?? ["*"]
    states = Set(try Self.states(mapping["states"]) ?? way.usualStates)
    attempts = try mapping.integer("attempts") ?? 10
    wait = try mapping.duration("wait") ?? .seconds(1)
    timeout = try mapping.duration("timeout") ?? .seconds(10)
    guard attempts >= 1 else { throw mapping.wrong("attempts", "a whole number from 1") }
    guard wait > .zero else { throw mapping.wrong("wait", "a time above 0, such as 1s") }
    guard timeout > .zero else { throw mapping.wrong("timeout", "a time above 0, such as 10s") }
    for alarm in alarms
    where alarm != "*" && !rules.contains(where: { Self.matches($0.name, alarm) }) {
      throw YAMLError.wrongValue(
        place: mapping["alarms"]?.place ?? value.place, found: alarm,
        expected: "the name of an alarm of this file, or a pattern with * that one fits")
    }
  }

  private static func way(
    _ mapping: StrictMapping, of name: String, folder: String
  ) throws -> Way {
    let given = ways.filter { mapping[$0] != nil }
    guard given.count == 1, let key = given.first else {
      throw YAMLError.wrongValue(
        place: mapping.place, found: given.isEmpty ? "no way" : given.joined(separator: " and "),
        expected: "one of \(ways.joined(separator: ", "))")
    }
    guard key == "webhook" || mapping["headers"] == nil else {
      throw mapping.wrong("headers", "headers beside a webhook only")
    }
    guard key != "adjust" || mapping["states"] == nil else {
      throw mapping.wrong("states", "no states beside adjust, which goes by raised and cleared")
    }
    switch key {
    case "webhook":
      return .webhook(url: try mapping.url(key), headers: try mapping.headers())
    case "alertmanager": return .alertmanager(url: try mapping.url(key))
    case "publish":
      return try publication(mapping.required(key, mapping[key]), of: name, folder: folder)
    case "modbusWrite": return try modbusWrite(mapping.required(key, mapping[key]))
    case "adjust":
      return .adjust(
        try Adjustment(mapping.required(key, mapping[key]), of: name, folder: folder))
    default:
      let words = try mapping.required(key, mapping.strings(key))
      guard !words.isEmpty else {
        throw mapping.wrong(key, "a program and its arguments")
      }
      return .command(words)
    }
  }

  private static func modbusWrite(_ value: YAMLValue) throws -> Way {
    let item = try value.mapping(keys: PlantOutput.modbusKeys + ["value", "cleared"])
    let output = try PlantOutput(modbus: item)
    let active = try item.required("value", item.number("value"))
    let cleared = try item.number("cleared")
    for (key, number) in [("value", active), ("cleared", cleared ?? active)]
    where !output.takes(number) {
      throw item.wrong(key, "a number that \(output) can hold")
    }
    return .modbusWrite(output, value: active, cleared: cleared)
  }

  private static func publication(
    _ value: YAMLValue, of name: String, folder: String
  ) throws -> Way {
    let item = try value.mapping(keys: MQTTSettings.keys + ["topic"])
    // A broker lets go of the earlier of two clients with one name.
    return .publish(
      try MQTTSettings(item, folder: folder, clientID: "gemba-action-\(name)"),
      topic: try item.topic())
  }

  private static func states(_ value: YAMLValue?) throws -> [AlarmState]? {
    try value?.list("a list of states").map { item in
      guard let state = item.text.flatMap(AlarmState.init(rawValue:)) else {
        throw item.wrong(
          "one of \(AlarmState.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return state
    }
  }
}

extension AlarmAction.Way {
  /// The states that it is told of where the file names none.
  fileprivate var usualStates: [AlarmState] {
    if case .modbusWrite(_, _, cleared: nil) = self { return [.unacknowledged] }
    return [.unacknowledged, .returned, .normal]
  }
}

extension StrictMapping {
  fileprivate func url(_ key: String) throws -> String {
    guard let text = try string(key), let url = URL(string: text), url.host() != nil,
      url.scheme == "http" || url.scheme == "https"
    else { throw wrong(key, "an address, such as http://127.0.0.1:9000/alarms") }
    return text
  }

  fileprivate func headers() throws -> [String: String] {
    var headers: [String: String] = [:]
    for (name, value) in try self["headers"]?.pairs() ?? [] {
      guard let text = value.text else { throw value.wrong("a text") }
      headers[name] = text
    }
    return headers
  }
}
