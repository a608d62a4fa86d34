import FactoryModel
import Imaging
import StrictYAML

extension Recipe {
  /// Reads `recipe.yaml`, which messages call `file`. Throws with the place and the mend on every
  /// unknown key or wrong value.
  public init(yaml: String, file: String = "recipe.yaml") throws(RecipeError) {
    let format: Int
    do {
      let top = try Self.mapping(yaml, file)
      format = try top.required("format", top.integer("format"))
      if format <= Self.format {
        try self.init(top)
        return
      }
    } catch {
      throw .content(error)
    }
    throw .newerFormat(file: file, found: format, readable: Self.format)
  }

  private static func mapping(_ yaml: String, _ file: String) throws(YAMLError)
    -> StrictMapping
  {
    guard let document = try YAMLValue.document(yaml, file: file) else {
      throw .missingKey(place: file, key: "method")
    }
    return try document.mapping(
      keys: [
        "format", "method", "threshold", "thresholdRule", "unsureFrom", "levels",
        "millimetresPerPixel", "regions", "limits", "settings", "teaching",
      ])
  }

  private init(_ top: StrictMapping) throws(YAMLError) {
    self.init(
      method: try top.required("method", top.string("method")),
      threshold: try top.required("threshold", top.number("threshold")),
      teaching: try TeachingRecord(top.required("teaching", top["teaching"])))
    thresholdRule = try top.string("thresholdRule")
    unsureFrom = try top.number("unsureFrom")
    if let unsureFrom, !(unsureFrom <= threshold) {
      throw .wrongValue(
        place: "\(top.place), unsureFrom", found: unsureFrom.shortText,
        expected: "at most the threshold, \(threshold.shortText)")
    }
    levels = try Self.levels(top.numbers("levels"), top.place) ?? .full
    millimetresPerPixel = try top.number("millimetresPerPixel")
    if let scale = millimetresPerPixel, scale <= 0 {
      throw .wrongValue(
        place: "\(top.place), millimetresPerPixel", found: "\(scale)", expected: "more than 0")
    }
    if let regions = try top["regions"]?.mapping(keys: ["include", "exclude"]) {
      include = try RecipeRegion.list(regions["include"])
      exclude = try RecipeRegion.list(regions["exclude"])
    }
    limits = try DefectLimit.list(top["limits"])
    settings = try MethodSettings(top["settings"], of: method)
  }

  private static func levels(_ numbers: [Double]?, _ file: String) throws(YAMLError) -> Levels? {
    guard let numbers else { return nil }
    guard numbers.count == 2, let low = UInt16(exactly: numbers[0]),
      let high = UInt16(exactly: numbers[1]), low < high
    else {
      throw .wrongValue(
        place: "\(file), levels", found: "[\(numbers.map(\.shortText).joined(separator: ", "))]",
        expected: "[low, high], whole numbers, 0 ≤ low < high ≤ 65535")
    }
    return Levels(low: low, high: high)
  }

  /// The text of `recipe.yaml`; reading it gives an equal recipe.
  public var yaml: String {
    var lines = [
      "# A Gemba recipe: how one kind of part is inspected. The taught model lies beside this file.",
      "format: \(Self.format)",
      "method: \(method)",
      "# A part with this score or a higher one is rejected; `gemba recipe set-threshold` changes it.",
      "threshold: \(threshold)",
    ]
    if let thresholdRule { lines.append("thresholdRule: \(quoted(thresholdRule))") }
    if let unsureFrom {
      lines.append(
        "# From this score up to the threshold a person looks (`gemba recipe set-unsure`).")
      lines.append("unsureFrom: \(unsureFrom)")
    }
    lines.append("# The window of gray levels that 16-bit images are seen through.")
    lines.append("levels: [\(levels.low), \(levels.high)]")
    if let millimetresPerPixel { lines.append("millimetresPerPixel: \(millimetresPerPixel)") }
    if !include.isEmpty || !exclude.isEmpty { lines.append("regions:") }
    lines += Self.regionLines("include", include) + Self.regionLines("exclude", exclude)
    if !limits.isEmpty { lines.append("limits:") }
    lines += limits.flatMap(\.lines)
    lines += settings.lines(of: method)
    lines += ["# What teaching saw: a record, not a setting.", "teaching:"]
    lines += [
      "  images: \(teaching.images)", "  parts: \(teaching.parts)", "  seed: \(teaching.seed)",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func regionLines(_ key: String, _ regions: [RecipeRegion]) -> [String] {
    regions.isEmpty ? [] : ["  \(key):"] + regions.map { "    - \($0.text)" }
  }
}

extension TeachingRecord {
  fileprivate init(_ value: YAMLValue) throws(YAMLError) {
    let mapping = try value.mapping(keys: ["images", "parts", "seed"])
    let seed = try mapping.required("seed", mapping.string("seed"))
    guard let seedNumber = UInt64(seed) else {
      throw .wrongValue(
        place: "\(mapping.place), seed", found: seed, expected: "a whole number")
    }
    self.init(
      images: try mapping.required("images", mapping.integer("images")),
      parts: try mapping.required("parts", mapping.integer("parts")), seed: seedNumber)
  }
}

extension MethodSettings {
  fileprivate init(_ value: YAMLValue?, of method: String) throws(YAMLError) {
    self.init()
    guard let value else { return }
    let known = MethodCatalogue.settings(of: method)
    let mapping = try value.mapping(keys: known.map(\.name))
    for setting in known {
      guard let text = try mapping.string(setting.name) else { continue }
      set(setting, to: try setting.value(of: text, at: "\(mapping.place), \(setting.name)"))
    }
  }

  fileprivate func lines(of method: String) -> [String] {
    let given = MethodCatalogue.settings(of: method).compactMap { setting in
      values[setting.name].map { "  \(setting.name): \(setting.text($0))" }
    }
    let comment = "# What the method was taught with, apart from defaults (`gemba recipe show`)."
    return given.isEmpty ? [] : [comment, "settings:"] + given
  }

  /// The settings in one line, for messages.
  public func text(of method: String) -> String {
    let given = MethodCatalogue.settings(of: method).compactMap { setting in
      values[setting.name].map { "\(setting.name): \(setting.text($0))" }
    }
    return given.isEmpty ? "the defaults" : given.joined(separator: ", ")
  }
}

extension RecipeRegion {
  /// Reads a region as written in a recipe, without the braces: `rectangle: [x, y, width, height]`,
  /// `polygon: [[x, y], …]` or `mask: FILE.png`.
  public init(text: String) throws(RecipeError) {
    do { self = try RecipeRegion(flowMapping(text, at: "region")) } catch { throw .content(error) }
  }

  fileprivate static func list(_ value: YAMLValue?) throws(YAMLError) -> [RecipeRegion] {
    var regions: [RecipeRegion] = []
    for item in try value?.list("a list of regions") ?? [] {
      regions.append(try RecipeRegion(item))
    }
    return regions
  }

  private init(_ value: YAMLValue) throws(YAMLError) {
    let mapping = try value.mapping(keys: ["rectangle", "polygon", "mask"])
    if let numbers = try mapping.numbers("rectangle"), numbers.count == 4,
      numbers[2] > 0, numbers[3] > 0
    {
      self = .rectangle(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    } else if let file = try mapping.string("mask") {
      self = .mask(file: file)
    } else if let points = mapping["polygon"]?.items?.map(\.numbers),
      points.count >= 3, points.allSatisfy({ $0?.count == 2 })
    {
      self = .polygon(points.compactMap(\.self))
    } else {
      throw value.wrong(
        "rectangle: [x, y, width, height], polygon: [[x, y], …] or mask: FILE.png")
    }
  }

  /// As a recipe writes it.
  public var text: String {
    switch self {
    case .rectangle(let x, let y, let width, let height):
      "rectangle: \(flowList([x, y, width, height]))"
    case .polygon(let points):
      "polygon: [\(points.map(flowList).joined(separator: ", "))]"
    case .mask(let file): "mask: \(quoted(file))"
    }
  }
}

extension DefectLimit {
  fileprivate static func list(_ value: YAMLValue?) throws(YAMLError) -> [DefectLimit] {
    var limits: [DefectLimit] = []
    for item in try value?.list("a list of limits") ?? [] {
      limits.append(try DefectLimit(item))
    }
    return limits
  }

  /// Reads a limit as written in a recipe, without the braces: `class: scratch, minimumLength: 1.5`.
  public init(text: String) throws(RecipeError) {
    do { self = try DefectLimit(flowMapping(text, at: "limit")) } catch { throw .content(error) }
  }

  private init(_ value: YAMLValue) throws(YAMLError) {
    let mapping = try value.mapping(keys: ["class", "reject", "minimumArea", "minimumLength"])
    self.init(kind: try mapping.string("class"))
    reject = try mapping.boolean("reject") ?? true
    minimumArea = try mapping.number("minimumArea")
    minimumLength = try mapping.number("minimumLength")
  }

  /// As a recipe writes it, on one line.
  public var text: String { parts.joined(separator: ", ") }

  fileprivate var lines: [String] { ["  - " + parts.joined(separator: "\n    ")] }

  private var parts: [String] {
    var parts: [String] = []
    if let kind { parts.append("class: \(quoted(kind))") }
    parts.append("reject: \(reject)")
    if let minimumArea { parts.append("minimumArea: \(minimumArea)") }
    if let minimumLength { parts.append("minimumLength: \(minimumLength)") }
    return parts
  }
}

/// Numbers as a YAML list, whole ones without a point.
private func flowList(_ numbers: [Double]) -> String {
  "[" + numbers.map { Int(exactly: $0).map(String.init) ?? "\($0)" }.joined(separator: ", ") + "]"
}

/// `text` as a YAML mapping in braces.
private func flowMapping(_ text: String, at place: String) throws(YAMLError) -> YAMLValue {
  guard let value = try? YAMLValue.document("{\(text)}", file: place) else {
    throw .wrongValue(place: place, found: "“\(text)”", expected: "KEY: VALUE, as in a recipe")
  }
  return value
}

/// A text as a double-quoted YAML scalar.
func quoted(_ text: String) -> String {
  var out = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": out += "\\\""
    case "\\": out += "\\\\"
    case _ where scalar.value < 32: out += "\\x" + hexadecimal(UInt8(scalar.value))
    default: out.unicodeScalars.append(scalar)
    }
  }
  return out + "\""
}

private func hexadecimal(_ byte: UInt8) -> String {
  (byte < 16 ? "0" : "") + String(byte, radix: 16)
}
