import Alarms
import FactoryModel
import StrictYAML

/// What a camera's verdicts drive: an output that takes a part out of the line.
public struct RejectOutput: Hashable, Sendable {
  /// Takes 1 for a part that is to go, 0 for one that may stay.
  public var output: PlantOutput
  /// How long after its frame a verdict, and the output that it drives, is still of use.
  public var deadline: Duration
  /// How long the output stays at 1; nil: until another verdict.
  public var pulse: Duration?
  /// The verdicts by which a part is to go.
  public var outcomes: Set<Outcome>

  /// The field of the signal that says whether a camera's verdict came too late: 1 and 0.
  static let lateField = "late"

  /// The alarm on verdicts that come too late, unless a site has its own.
  static func rules(beside rules: [AlarmRule]) -> [AlarmRule] {
    let name = "verdict too late"
    guard let late = try? SignalPattern("inspection.\(lateField){*}"),
      !rules.contains(where: { $0.signals.path == late.path || $0.name == name })
    else { return [] }
    var rule = AlarmRule(name: name, signals: late, condition: .equals(["1"]))
    rule.priority = .high
    return [rule]
  }
}

extension RejectOutput {
  /// Reads the `reject` of every camera of `inspections:`, by the camera's name.
  static func list(_ value: YAMLValue?, folder: String) throws -> [String: RejectOutput] {
    var outputs: [String: RejectOutput] = [:]
    for item in try value?.list("a list of cameras") ?? [] {
      let pairs = try item.pairs()
      guard let camera = pairs.first(where: { $0.key == "camera" })?.value.text,
        let reject = pairs.first(where: { $0.key == "reject" })?.value
      else { continue }
      let place = reject.named("\(item.place), \(camera), reject")
      outputs[camera] = try RejectOutput(place, of: camera, folder: folder)
    }
    return outputs
  }

  private init(_ value: YAMLValue, of camera: String, folder: String) throws {
    let mapping = try value.mapping(
      keys: PlantOutput.keys + ["deadline", "pulse", "verdicts"])
    output = try PlantOutput(mapping, clientID: "gemba-reject-\(camera)", folder: folder)
    guard output.takes(0), output.takes(1) else {
      throw mapping.wrong("modbusWrite", "an output that can hold 0 and 1")
    }
    deadline = try mapping.required("deadline", mapping.duration("deadline"))
    pulse = try mapping.duration("pulse")
    guard deadline >= .milliseconds(1) else { throw mapping.wrong("deadline", "1ms or more") }
    if let pulse, pulse < .milliseconds(1) { throw mapping.wrong("pulse", "1ms or more") }
    let words = try mapping.strings("verdicts") ?? [Outcome.reject.rawValue]
    outcomes = Set(words.compactMap(Outcome.init(rawValue:)))
    guard outcomes.count == words.count, !outcomes.isEmpty, !outcomes.contains(.pass) else {
      throw mapping.wrong("verdicts", "one or more of reject, unsure, error")
    }
  }
}
