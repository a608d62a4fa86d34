import Plant
import Reports
import StrictYAML

/// Reports that the monitor writes by itself when a shift has ended.
public struct ReportSettings: Hashable, Sendable {
  /// Relative to the site file.
  public var folder: String
  public var language: ReportLanguage
  /// Each once.
  public var forms: [ReportForm]
  /// Names of actions that are told of each report.
  public var send: [String]
}

extension ReportSettings {
  /// Reads `reports` of a site file. Throws `YAMLError`.
  /// - Parameter actions: those of the file.
  init(_ value: YAMLValue, actions: [AlarmAction]) throws {
    let mapping = try value.mapping(keys: ["folder", "language", "formats", "send"])
    folder = try mapping.required("folder", mapping.string("folder"))
    language = try mapping.choice("language") ?? .english
    forms = []
    for word in try mapping.strings("formats") ?? ["html"] {
      guard let form = ReportForm(rawValue: word), !forms.contains(form) else {
        let known = ReportForm.allCases.map(\.rawValue).joined(separator: ", ")
        throw mapping["formats"]?.wrong("some of \(known), each once") ?? value.wrong(known)
      }
      forms.append(form)
    }
    send = try mapping.strings("send") ?? []
    for name in send {
      guard let action = actions.first(where: { $0.name == name }), action.takesReports else {
        throw YAMLError.wrongValue(
          place: mapping["send"]?.place ?? value.place, found: name,
          expected: "the name of an action of this file by webhook, publish or command")
      }
    }
  }
}

extension AlarmAction {
  /// Whether what it tells can be something other than an alarm.
  fileprivate var takesReports: Bool {
    if case .alertmanager = way { false } else { true }
  }
}
