import FactoryModel
import Imaging
import Inspection
import StrictYAML
import Testing

@Suite("recipe.yaml")
struct RecipeTests {
  private var recipe: Recipe {
    var recipe = Recipe(
      method: "surface", threshold: 1.25,
      teaching: TeachingRecord(images: 40, parts: 20, seed: .max))
    recipe.thresholdRule = "false-reject=\"1%\""
    recipe.levels = Levels(low: 100, high: 4000)
    recipe.millimetresPerPixel = 0.05
    recipe.include = [.rectangle(x: 1, y: 2, width: 30, height: 40)]
    recipe.exclude = [
      .polygon([[0, 0], [10, 0], [10.5, 8]]), .mask(file: "holes \\ \"a\".png"),
    ]
    var scratch = DefectLimit(kind: "scratch: deep")
    scratch.minimumLength = 1.5
    var other = DefectLimit(kind: nil)
    other.reject = false
    recipe.limits = [scratch, other]
    do {
      try recipe.settings.set("syntheticPictures=300", of: "surface")
    } catch { Issue.record(error) }
    return recipe
  }

  @Test("what is written reads back")
  func roundTrip() throws {
    #expect(try Recipe(yaml: recipe.yaml) == recipe)
  }

  @Test("a changed threshold leaves comments and order as they were")
  func editing() throws {
    var earlier = recipe
    earlier.thresholdRule = nil
    earlier.unsureFrom = 1
    let lines = earlier.yaml.split(separator: "\n").map(String.init)
    let text = (lines.reversed().filter { !$0.hasPrefix(" ") && !$0.hasSuffix(":") })
      .joined(separator: "\n")
    let written =
      "# Ours: the press of hall 3.\n" + text + "\nteaching: {images: 1, parts: 1, seed: 0}\n"
    var changed = try Recipe(yaml: written)
    changed.threshold = 9.5
    changed.thresholdRule = "best-f1"
    changed.unsureFrom = nil
    let edited = changed.yaml(editing: written)
    #expect(try Recipe(yaml: edited) == changed)
    let kept = written.split(separator: "\n").filter {
      !$0.hasPrefix("threshold:") && !$0.hasPrefix("unsureFrom:")
    }
    let found = edited.split(separator: "\n").filter { !$0.hasPrefix("threshold") }
    #expect(found == kept)
    changed.method = "reference"
    changed.settings = MethodSettings()
    #expect(changed.yaml(editing: written) == changed.yaml)
  }

  @Test("an unknown key names its line and the nearest known one")
  func unknownKey() {
    let yaml = "format: 1\nmethod: surface\ntreshold: 2\n"
    #expect(
      throws: RecipeError.content(
        .unknownKey(place: "recipe.yaml", line: 3, key: "treshold", nearest: "threshold"))
    ) { try Recipe(yaml: yaml) }
  }

  @Test(
    "a wrong value is refused",
    arguments: [
      "threshold: high", "levels: [5, 5]", "millimetresPerPixel: -1", "limits: 3",
      "regions: {include: [{rectangle: [1, 2]}]}", "format: 99", "method: [",
    ])
  func wrongValues(_ line: String) {
    let key = line.split(separator: ":")[0]
    let rest = recipe.yaml.split(separator: "\n").filter { !$0.hasPrefix(key) }
      .prefix { $0 != "regions:" && $0 != "limits:" }
    let teaching = "teaching: {images: 1, parts: 1, seed: 0}"
    let yaml = (rest.map(String.init) + [teaching, line]).joined(separator: "\n")
    #expect(throws: RecipeError.self) { try Recipe(yaml: yaml) }
  }

  @Test("settings have names, ranges and a nearest known name")
  func settings() throws {
    var settings = MethodSettings()
    try settings.set("spreadFactor=3.5", of: "reference")
    try settings.set("evensLight=false", of: "reference")
    #expect(settings.text(of: "reference") == "spreadFactor: 3.5, evensLight: false")
    for (text, part) in [
      ("spredFactor=3", "did you mean spreadFactor?"), ("absolute=3", "absoluteTolerance"),
      ("spreadReach=1.5", "a whole number, 0 to 3"), ("spreadFactor=-1", "0.0 to 100.0"),
      ("evensLight=maybe", "true or false"), ("spreadFactor", "NAME=VALUE"),
    ] {
      do {
        try settings.set(text, of: "reference")
        Issue.record("\(text) was taken")
      } catch { #expect("\(error)".contains(part), "\(error)") }
    }
    #expect(settings.values.count == 2)
    for method in MethodCatalogue.names {
      let known = MethodCatalogue.settings(of: method)
      #expect(Set(known.map(\.name)).count == known.count)
      #expect(known.allSatisfy { $0.range.contains($0.standard) }, "\(method)")
    }
  }

  @Test("a region and a limit are read as a recipe writes them")
  func oneLiners() throws {
    for region in recipe.include + recipe.exclude {
      #expect(try RecipeRegion(text: region.text) == region)
    }
    for limit in recipe.limits { #expect(try DefectLimit(text: limit.text) == limit) }
    #expect(throws: RecipeError.self) { try RecipeRegion(text: "rectangle: [1, 2") }
    #expect(throws: RecipeError.self) { try RecipeRegion(text: "") }
    #expect(throws: RecipeError.self) { try DefectLimit(text: "klass: scratch") }
  }

  @Test("limits decide which defects reject")
  func limits() {
    func defect(_ kind: String, length: Double, score: Double = 2) -> Defect {
      Defect(kind: kind, score: score, x: 0, y: 0, width: 9, height: 9, area: 30, length: length)
    }
    #expect(recipe.rejects(defect("scratch: deep", length: 31)))
    #expect(!recipe.rejects(defect("scratch: deep", length: 29)), "1.45 mm are tolerated")
    #expect(!recipe.rejects(defect("stain", length: 99)), "listed only")
    #expect(!recipe.rejects(defect("scratch: deep", length: 31, score: 1)), "below the threshold")
  }

  @Test("a model archive refuses what it did not write", arguments: [0, 9, 13, 40])
  func damagedArchive(_ position: Int) throws {
    var archive = ModelArchive(method: "surface")
    archive.set("a", [Float(1), 2, 3])
    archive.set("b", [UInt8(7)])
    var bytes = archive.encoded()
    #expect(try ModelArchive(decoding: bytes) == archive)
    bytes[position] ^= 0x40
    #expect(throws: ModelError.self) { try ModelArchive(decoding: bytes) }
    #expect(throws: ModelError.self) { try ModelArchive(decoding: Array(bytes.prefix(position))) }
  }
}
