import FactoryModel
import Foundation
import Imaging
import Inspection
import Pipeline
import SampleParts
import Synchronization
import Testing

/// A labelled folder of made-up castings, several exposures of a part.
func labelledFolder(good: Int = 8, defective: Int = 4) throws -> String {
  let folder = NSTemporaryDirectory() + "gemba-labelled-\(UUID().uuidString)"
  let writer = SampleWriter { path, bytes in
    let url = URL(fileURLWithPath: folder + "/" + path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }
  try writer.write(
    SampleSet(good: good, defective: defective),
    from: SampleGenerator(family: .castings, seed: 8, width: 96, height: 96))
  return folder
}

@Suite("Evaluation of folders") struct FolderEvaluationTests {
  @Test("every image is judged once, by a recipe that never saw its part")
  func crossValidation() throws {
    let folder = try labelledFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let labelled = try LabelledFolder(folder, levels: .full, limits: PNGLimits())
    // Two images a part, whatever they look like.
    var lines = ""
    for (index, image) in labelled.images.enumerated() { lines += "\(image.name),p\(index / 2)\n" }
    let parts = try PartsFile(parsing: lines, name: "parts.csv")
    let plan = RecipePlan(method: GrayReferenceModel.method)
    func run(_ jobs: Int) throws -> RecipeEvaluation.Result {
      let pictures: PictureTaker = { part, image, loaded in
        #expect(!loaded.memory.parts.contains(image.part), "\(part.verdict.image)")
      }
      return try CrossValidation(plan, foldCount: 2, teachesDefects: false, jobs: jobs)
        .run(labelled, parts: parts, pictures: pictures) { _, _ in }
    }
    let result = try run(1)
    #expect(result.images.map(\.verdict.image) == labelled.images.map(\.name))
    #expect(result.folds.count == 2)
    #expect(result.folds[0].confusion.total + result.folds[1].confusion.total == 12)
    #expect(result.report.confusion.total == 12)
    #expect(result.report.goodImages == 8 && result.report.defectiveImages == 4)
    let wrong = result.images.count { image in
      ((image.verdict.score ?? 0) >= image.verdict.threshold) != (image.label.kind != nil)
    }
    #expect(wrong == result.report.confusion.escapes + result.report.confusion.falseRejects)
    let other = try run(3)
    #expect(other.images.map(\.verdict.score) == result.images.map(\.verdict.score))
    #expect(other.folds == result.folds)
  }

  @Test("evaluation judges as inspection does, limits and unsure band included")
  func sameVerdicts() throws {
    let folder = try labelledFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let labelled = try LabelledFolder(folder, levels: .full, limits: PNGLimits())
    var loaded = try RecipeTeaching(
      RecipePlan(method: GrayReferenceModel.method),
      good: labelled.images.filter { $0.kind == nil }, jobs: 2
    ).run { _ in }.recipe
    let scores = loaded.memory.judged.map(\.score).sorted()
    loaded.recipe.threshold = scores[scores.count / 2]
    loaded.recipe.unsureFrom = scores[1]
    var rejectsOfRuns: [Int] = []
    for length in [0.0, 6] {
      var limit = DefectLimit(kind: nil)
      limit.minimumLength = length
      loaded.recipe.limits = length > 0 ? [limit] : []
      let result = try RecipeEvaluation(loaded, jobs: 2).run(labelled, parts: nil) { _, _ in }
      let outcomes = Mutex<[Outcome]>([])
      try BatchInspection(loaded, settings: BatchSettings(jobs: 1)).run(
        labelled.images.map { BatchItem(image: $0.name) }
      ) { _, verdict in outcomes.withLock { $0.append(verdict.outcome) } }
      let inspected = outcomes.withLock { $0 }
      #expect(result.images.map(\.verdict.outcome) == inspected)
      let rejects = inspected.count { $0 == .reject }
      let counts = result.report.confusion
      #expect(counts.falseRejects + counts.defectsRejected == rejects)
      #expect(result.report.unsureImages == inspected.count { $0 == .unsure })
      #expect(result.hasLimits == (length > 0))
      rejectsOfRuns.append(rejects)
    }
    #expect(rejectsOfRuns[1] < rejectsOfRuns[0], "the limit tolerates some")
  }

  @Test("too few parts for the folds are refused with the number needed")
  func tooFewParts() throws {
    let folder = try labelledFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let labelled = try LabelledFolder(folder, levels: .full, limits: PNGLimits())
    let plan = RecipePlan(method: GrayReferenceModel.method)
    do {
      _ = try CrossValidation(plan, foldCount: 6, teachesDefects: false, jobs: 2)
        .run(labelled, parts: nil) { _, _ in }
      Issue.record("six folds of eight parts were taken")
    } catch { #expect("\(error)".contains("for 6 folds, at least 12 expected"), "\(error)") }
  }

  @Test("a mask of another size is named and its image left out, not fatal")
  func wrongMask() throws {
    let folder = try labelledFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let labelled = try LabelledFolder(folder, levels: .full, limits: PNGLimits())
    let image = try #require(labelled.images.last { $0.readMask != nil })
    let mask = image.name.replacingOccurrences(of: "/defect/", with: "/masks/")
    try DurableFile.write(PNGEncoder.encode(Plane(width: 5, height: 4)), to: mask)
    let plan = RecipePlan(method: GrayReferenceModel.method)
    let taught = try RecipeTeaching(
      plan, good: labelled.images.filter { $0.kind == nil }, jobs: 2
    ).run { _ in }
    let result = try RecipeEvaluation(taught.recipe, jobs: 2)
      .run(labelled, parts: nil) { _, _ in }
    let errors = result.images.compactMap(\.verdict.error)
    #expect(errors.count == 1 && errors[0].contains("its mask is 5 × 4, the image 96 × 96"))
    #expect(result.report.unreadableImages == 1 && result.report.confusion.total == 11)
  }

  @Test("scores written as a table read back; a broken row is named")
  func scoreTable() throws {
    let path = NSTemporaryDirectory() + "gemba-scores-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let scores = [
      LabelledScore(score: 0.1, kind: nil, part: "part 0"),
      LabelledScore(score: -2.5e-7, kind: "a, \"b\"\nc", part: "p,1"),
    ]
    let text = ScoreTable.csv([("x.png", scores[0]), ("y,\"z\".png", scores[1])])
    try DurableFile.write(text, to: path)
    #expect(try ScoreTable.read(path) == scores)
    try DurableFile.write(text + "q.png,,p,high\r\n", to: path)
    #expect(throws: ScoreTableError.badRow(path: path, row: 4)) { try ScoreTable.read(path) }
    try DurableFile.write("score\n1\n", to: path)
    #expect(throws: ScoreTableError.noHeading(path: path)) { try ScoreTable.read(path) }
  }

  @Test("heat is nothing at the median of good parts, a half at the threshold and 1 far above")
  func heatScale() throws {
    let folder = try labelledFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let labelled = try LabelledFolder(folder, levels: .full, limits: PNGLimits())
    var loaded = try RecipeTeaching(
      RecipePlan(method: GrayReferenceModel.method),
      good: labelled.images.filter { $0.kind == nil }, jobs: 2
    ).run { _ in }.recipe
    let median = try #require(loaded.memory.scores).quantiles[50]
    for threshold in [median + 10, median, median - 5] {
      loaded.recipe.threshold = threshold
      let scale = HeatScale(of: loaded)
      #expect(abs(scale.heat(Float(threshold)) - 0.5) < 1e-3)
      #expect(scale.heat(.infinity) == 1 && scale.heat(-.infinity) == 0)
    }
    loaded.recipe.threshold = median + 10
    #expect(HeatScale(of: loaded).heat(Float(median)) < 1e-3)
  }
}
