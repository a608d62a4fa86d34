import FactoryModel
import Foundation
import Imaging
import Inspection
import Pipeline
import SampleParts
import Synchronization
import Testing

@Suite("Images read row by row")
struct LargeImageTests {
  /// A surface taught quickly, with its left margin excluded.
  private func recipe() throws -> LoadedRecipe {
    let generator = SampleGenerator(family: .tiles, seed: 2, width: 120, height: 120)
    let images = (0..<4).map { index in
      TeachingImage(name: "\(index)", part: "\(index)") { Frame(generator.good(index)[0].plane) }
    }
    var settings = SurfaceSettings()
    settings.syntheticPictures = 12
    settings.goodCells = 600
    settings.teacherEpochs = 4
    settings.studentEpochs = 4
    let model = try SurfaceTeaching.teach(
      TeachingSet(good: images, seed: 1), settings: settings, workers: AllCores(count: 2)
    ) { _ in }
    var recipe = Recipe(
      method: SurfaceModel.method, threshold: -4,
      teaching: TeachingRecord(images: 4, parts: 4, seed: 1))
    recipe.exclude = [.rectangle(x: 0, y: 0, width: 40, height: 300)]
    let memory = TeachingMemory(
      brightness: [1], scores: [1], judged: [], isHeldOut: false, thumbnails: Thumbnails(),
      parts: [], settings: "")
    var regions = RecipeRegions()
    try regions.add("rectangle: [0, 0, 40, 300]", excludes: true)
    return LoadedRecipe(recipe: recipe, model: model, memory: memory, regions: regions)
  }

  @Test("they get the verdicts of images held whole, whatever the number of workers")
  func sameVerdicts() throws {
    let folder = NSTemporaryDirectory() + "gemba-large-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let generator = SampleGenerator(family: .tiles, seed: 5, width: 301, height: 223)
    var images = try (0..<3).map { index in
      let path = "\(folder)/\(index).png"
      try Data(PNGEncoder.encode(generator.defective(index)[0].plane))
        .write(to: URL(fileURLWithPath: path))
      return path
    }
    let cut = folder + "/cut.png"
    let whole = try Data(contentsOf: URL(fileURLWithPath: images[0]))
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: cut))
    images.append(cut)
    let loaded = try recipe()
    let expected = try verdicts(images, loaded, jobs: 1, largePixels: 1 << 23)
    #expect(expected.map(\.outcome).last == .error)
    #expect(expected[0].defects.isEmpty == false)
    #expect(try verdicts(images, loaded, jobs: 1, largePixels: 1000) == expected)
    #expect(try verdicts(images, loaded, jobs: 3, largePixels: 1000) == expected)
  }

  @Test("a gray reference is taught from rows and judges them as images held whole")
  func grayReference() throws {
    let folder = NSTemporaryDirectory() + "gemba-large-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let generator = SampleGenerator(family: .castings, seed: 5, width: 301, height: 223)
    func write(_ name: String, _ plane: Plane) throws -> String {
      let path = "\(folder)/\(name).png"
      try Data(PNGEncoder.encode(plane)).write(to: URL(fileURLWithPath: path))
      return path
    }
    let good = try (0..<4).map { try write("good\($0)", generator.good($0)[0].plane) }
    var plan = RecipePlan(method: GrayReferenceModel.method)
    try plan.regions.add("rectangle: [0, 0, 40, 300]", excludes: true)
    let images = PartImages.good(
      ImageList(paths: good), levels: .full, limits: PNGLimits())
    let loaded = try RecipeTeaching(plan, good: images, jobs: 2).run { _ in }.recipe
    var bad = try (0..<3).map { try write("bad\($0)", generator.defective($0)[0].plane) }
    let whole = try Data(contentsOf: URL(fileURLWithPath: bad[0]))
    let cut = folder + "/cut.png"
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: cut))
    bad.append(cut)
    let expected = try verdicts(bad, loaded, jobs: 1, largePixels: 1 << 23)
    #expect(expected.map(\.outcome).last == .error)
    #expect(expected[0].defects.isEmpty == false)
    #expect(try verdicts(bad, loaded, jobs: 3, largePixels: 1000) == expected)
  }

  @Test("pairs that come row by row get the verdicts of pairs held whole")
  func pairs() throws {
    let folder = NSTemporaryDirectory() + "gemba-large-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var board = Plane(width: 301, height: 223)
    for y in 0..<223 { for x in 0..<301 where x % 30 < 10 { board[x, y] = 255 } }
    func write(_ name: String, _ plane: Plane) throws {
      try Data(PNGEncoder.encode(plane)).write(to: URL(fileURLWithPath: "\(folder)/\(name).png"))
    }
    for (name, fault) in [("a", (77, 50)), ("b", (197, 150)), ("c", (0, 0))] {
      var test = board
      for y in fault.1..<fault.1 + 7 { for x in fault.0..<fault.0 + 7 { test[x, y] = 255 } }
      try write("\(name)_test", name == "c" ? board : test)
      try write("\(name)_temp", board)
    }
    var plan = RecipePlan(method: GrayReferenceModel.method)
    plan.comesInPairs = true
    plan.thresholdRule = .value(0.3)
    let images = try PartImages.pairs(folder, levels: .full, limits: PNGLimits())
    let loaded = try RecipeTeaching(plan, good: images, jobs: 2).run { _ in }.recipe
    try FileManager.default.removeItem(atPath: folder + "/b_temp.png")
    let items = BatchItem.pairs(in: folder)
    let expected = try verdicts(items, loaded, jobs: 1, largePixels: 1 << 23)
    #expect(expected.map(\.outcome) == [.reject, .error, .pass])
    #expect(try verdicts(items, loaded, jobs: 2, largePixels: 1000) == expected)
  }

  private func verdicts(
    _ images: [String], _ loaded: LoadedRecipe, jobs: Int, largePixels: Int
  ) throws -> [Verdict] {
    try verdicts(
      images.map { BatchItem(image: $0) }, loaded, jobs: jobs, largePixels: largePixels)
  }

  private func verdicts(
    _ items: [BatchItem], _ loaded: LoadedRecipe, jobs: Int, largePixels: Int
  ) throws -> [Verdict] {
    var settings = BatchSettings(jobs: jobs)
    settings.largePixels = largePixels
    let all = Mutex<[Verdict]>([])
    try BatchInspection(loaded, settings: settings)
      .run(items) { part in
        // The picture of a part of this size is the part itself.
        if let plane = part.plane { #expect(plane.width == 301 && part.shrink == 1) }
      } each: { _, verdict in
        var timeless = verdict
        timeless.milliseconds = 0
        all.withLock { $0.append(timeless) }
      }
    return all.withLock { $0 }
  }
}
