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
    return recipe
  }

  @Test("what is written reads back")
  func roundTrip() throws {
    #expect(try Recipe(yaml: recipe.yaml) == recipe)
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
