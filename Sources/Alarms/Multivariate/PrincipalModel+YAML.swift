import FactoryModel
import StrictYAML

extension PrincipalModel {
  /// The format this build writes, and the newest it reads.
  public static let format = 1

  /// Reads a model file.
  /// - Parameter file: its name, for messages.
  public init(yaml: String, file: String) throws(YAMLError) {
    guard let document = try YAMLValue.document(yaml, file: file) else {
      throw .missingKey(place: file, key: "format")
    }
    let top = try document.mapping(
      keys: [
        "format", "name", "signals", "smoothing", "means", "deviations", "variances",
        "components", "tSquaredLimit", "qLimit",
      ])
    let format = try top.required("format", top.integer("format"))
    guard format == Self.format else {
      throw .wrongValue(
        place: "\(file), format", found: "\(format)", expected: "\(Self.format); update Gemba")
    }
    var signals: [SignalName] = []
    for text in try top.required("signals", top.strings("signals")) {
      guard let name = try pattern(text, at: "\(file), signals").name else {
        throw .wrongValue(
          place: "\(file), signals", found: "“\(text)”", expected: "signals without *")
      }
      guard !signals.contains(name) else {
        throw .wrongValue(
          place: "\(file), signals", found: "“\(text)” twice", expected: "every signal once")
      }
      signals.append(name)
    }
    let smoothing = try top.limit("smoothing")
    if let value = top["smoothing"], smoothing > 1 { throw value.wrong("at most 1") }
    let variances = try top.numbers("variances", count: nil)
    let components = try top.required("components", top["components"])
    var rows: [[Double]] = []
    for item in try components.list("a list of components") {
      guard let row = item.numbers, row.count == signals.count else {
        throw item.wrong("\(signals.count) numbers")
      }
      rows.append(row)
    }
    guard rows.count == variances.count else { throw components.wrong("one row a variance") }
    self.init(
      name: try top.required("name", top.string("name")), signals: signals,
      smoothing: smoothing, means: try top.numbers("means", count: signals.count),
      deviations: try top.numbers("deviations", count: signals.count, above: 0),
      components: rows, variances: try top.numbers("variances", count: nil, above: 0),
      tSquaredLimit: try top.limit("tSquaredLimit"), qLimit: try top.limit("qLimit"))
  }

  /// The text of the model file; reading it gives an equal model.
  public var yaml: String {
    var lines = [
      "# Learned by `gemba alarms learn`: how these signals run together when all is well.",
      "format: \(Self.format)", "name: \(quoted(name))", "signals:",
    ]
    lines += signals.map { "  - \(quoted($0.description))" }
    lines += [
      "smoothing: \(smoothing)", "means: \(means)", "deviations: \(deviations)",
      "variances: \(variances)",
    ]
    lines += ["components:"] + components.map { "  - \($0)" }
    lines += ["tSquaredLimit: \(tSquaredLimit)", "qLimit: \(qLimit)"]
    return lines.joined(separator: "\n") + "\n"
  }
}

extension StrictMapping {
  fileprivate func numbers(
    _ key: String, count: Int?, above bound: Double = -.infinity
  ) throws(YAMLError) -> [Double] {
    let list = try required(key, numbers(key))
    guard list.count == count ?? list.count, list.allSatisfy({ $0 > bound }) else {
      throw try required(key, self[key]).wrong("\(count ?? list.count) numbers above \(bound)")
    }
    return list
  }

  fileprivate func limit(_ key: String) throws(YAMLError) -> Double {
    let limit = try required(key, number(key))
    guard limit > 0 else { throw try required(key, self[key]).wrong("more than 0") }
    return limit
  }
}

/// A text as a double-quoted YAML scalar.
private func quoted(_ text: String) -> String {
  var out = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": out += "\\\(scalar)"
    case "\0"..<" ", "\u{7F}":
      out += (scalar.value < 16 ? "\\x0" : "\\x") + String(scalar.value, radix: 16)
    default: out.unicodeScalars.append(scalar)
    }
  }
  return out + "\""
}
