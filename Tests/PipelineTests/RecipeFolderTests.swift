import Foundation
import Imaging
import Inspection
import Pipeline
import Testing

@Suite("Recipe folders") struct RecipeFolderTests {
  private func folder() throws -> String {
    let path = NSTemporaryDirectory() + "gemba-folder-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  private static func write(_ files: [String: [UInt8]], to path: String) throws {
    try DurableFile.writeFolder(files.mapValues { bytes in { try $0(bytes) } }, to: path)
  }

  @Test("a folder is replaced as a whole and keeps what it held besides")
  func replaces() throws {
    let root = try folder()
    defer { try? FileManager.default.removeItem(atPath: root) }
    let path = root + "/recipe"
    try Self.write(["a": [1], "b": [2]], to: path)
    try DurableFile.write("mine", to: path + "/notes.txt")
    try Self.write(["a": [3], "c": [4, 5]], to: path)
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    #expect(names == ["a", "b", "c", "notes.txt"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: path + "/a")) == Data([3]))
    #expect(try FileManager.default.contentsOfDirectory(atPath: root) == ["recipe"], "no leftovers")
  }

  @Test("a link to a folder stays a link")
  func followsLink() throws {
    let root = try folder()
    defer { try? FileManager.default.removeItem(atPath: root) }
    try Self.write(["a": [1]], to: root + "/real")
    try FileManager.default.createSymbolicLink(
      atPath: root + "/link", withDestinationPath: root + "/real")
    try Self.write(["a": [2]], to: root + "/link")
    #expect(try Data(contentsOf: URL(fileURLWithPath: root + "/real/a")) == Data([2]))
  }

  @Test("a place that cannot be written says where and why")
  func cannotWrite() throws {
    let root = try folder()
    defer { try? FileManager.default.removeItem(atPath: root) }
    try DurableFile.write("a file", to: root + "/file")
    for path in [root + "/file/recipe", "/proc/recipe"] {
      do {
        try Self.write(["a": [1]], to: path)
        Issue.record("\(path) was written")
      } catch { #expect("\(error)".hasPrefix(path), "\(error)") }
    }
    #expect(throws: DurableFileError.self) {
      try DurableFile.write("x", to: root + "/absent/report.html")
    }
  }

  @Test("settings, regions with masks and limits go from the plan through the folder and back")
  func planAndBack() throws {
    let root = try folder()
    defer { try? FileManager.default.removeItem(atPath: root) }
    var mask = Plane(width: 64, height: 64)
    for x in 0..<64 { mask[x, 0] = 255 }
    try DurableFile.write(PNGEncoder.encode(mask), to: root + "/top.png")
    var plan = RecipePlan(method: GrayReferenceModel.method)
    try plan.settings.set("spreadFactor=5", of: plan.method)
    try plan.regions.add("rectangle: [0, 0, 64, 32]", excludes: false)
    try plan.regions.add("mask: \(root)/top.png", excludes: true)
    plan.limits = [try DefectLimit(text: "class: stain, reject: false")]
    plan.levels = Levels(low: 0, high: 4095)
    let images = (0..<4).map { index in
      TeachingImage(name: "\(index)", part: "\(index)") {
        var plane = Plane(width: 64, height: 64, filledWith: 90)
        for i in plane.pixels.indices { plane.pixels[i] &+= UInt8((i * (7 + index)) % 13) }
        return Frame(plane)
      }
    }
    let taught = try RecipeTeaching(plan, good: images, jobs: 2).run { _ in }
    #expect(taught.warnings.contains(RecipeTeaching.tooFewParts))
    try taught.recipe.save(in: root + "/recipe")
    let read = try LoadedRecipe(folder: root + "/recipe")
    #expect(read.recipe == taught.recipe.recipe)
    #expect(read.recipe.exclude == [.mask(file: "top.png")])
    #expect(read.regions == plan.regions)
    let judged = taught.recipe.memory.judged.map {
      LabelledScore(score: $0.score, kind: $0.kind, part: $0.part)
    }
    #expect(read.memory.judged == judged && judged.count == 4)
    let drawn = try #require(try read.regions.mask(width: 64, height: 64))
    #expect(!drawn[5, 0] && drawn[5, 1] && !drawn[5, 32])
    let again = RecipePlan(like: read)
    #expect(again.settings == plan.settings && again.regions == plan.regions)
    var changed = read.recipe
    changed.settings = MethodSettings()
    try LoadedRecipe.save(changed, in: root + "/recipe")
    #expect(
      throws: RecipeError.settingsChanged(
        file: root + "/recipe/recipe.yaml", taught: "spreadFactor: 5.0", found: "the defaults")
    ) { try LoadedRecipe(folder: root + "/recipe") }
  }

  @Test("the window of 16-bit images follows the levels they use")
  func levels() throws {
    let root = try folder()
    defer { try? FileManager.default.removeItem(atPath: root) }
    let plane = Plane(width: 30, height: 30, filledWith: 7)
    try DurableFile.write(PNGEncoder.encode(plane), to: root + "/8.png")
    #expect(try LevelsSearch.levels(of: [root + "/8.png"], limits: PNGLimits()) == nil)
  }

  @Test("scores written down read back, whatever the names")
  func scoreTable() throws {
    let root = try folder()
    defer { try? FileManager.default.removeItem(atPath: root) }
    let rows: [(image: String, score: LabelledScore)] = [
      ("a,b \"c\".png", LabelledScore(score: 1.5, kind: nil, part: "part 0")),
      ("two\nlines", LabelledScore(score: -2, kind: "a \"quoted\", class", part: "\"")),
      ("é", LabelledScore(score: 0.1, kind: "pit", part: "x")),
    ]
    try DurableFile.write(ScoreTable.csv(rows), to: root + "/scores.csv")
    #expect(try ScoreTable.read(root + "/scores.csv") == rows.map(\.score))
    try DurableFile.write("image,class,part,score\r\na,b,c,x\r\n", to: root + "/bad.csv")
    #expect(throws: ScoreTableError.badRow(path: root + "/bad.csv", row: 2)) {
      try ScoreTable.read(root + "/bad.csv")
    }
    #expect(throws: ScoreTableError.unreadable(path: "nowhere")) {
      try ScoreTable.read("nowhere")
    }
  }
}
