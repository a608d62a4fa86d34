import FactoryModel
import Foundation
import Imaging
import Inspection
import Pipeline
import SampleParts
import Synchronization
import Testing

/// A small recipe taught from made-up castings, and a folder with them.
struct TaughtFolder {
  let folder: String
  let loaded: LoadedRecipe

  init() throws {
    folder = NSTemporaryDirectory() + "gemba-test-\(UUID().uuidString)"
    let root = folder
    let writer = SampleWriter { path, bytes in
      let url = URL(fileURLWithPath: root + "/" + path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
    try writer.write(
      SampleSet(good: 6, defective: 3),
      from: SampleGenerator(family: .castings, seed: 4, width: 96, height: 96))
    var plan = RecipePlan(method: GrayReferenceModel.method)
    plan.seed = 3
    let teaching = RecipeTeaching(
      plan,
      good: PartImages.good(
        ImageList(paths: [folder + "/good"]), levels: .full, limits: PNGLimits()), jobs: 2)
    loaded = try teaching.run { _ in }.recipe
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// Every verdict of a batch, in the order of delivery, without times.
  func verdicts(_ images: [String], jobs: Int) throws -> [Verdict] {
    let all = Mutex<[Verdict]>([])
    try BatchInspection(loaded, settings: BatchSettings(jobs: jobs))
      .run(images.map { BatchItem(image: $0) }) { _, verdict in
        var timeless = verdict
        timeless.milliseconds = 0
        all.withLock { $0.append(timeless) }
      }
    return all.withLock { $0 }
  }
}

@Test("verdicts come in input order and do not depend on the number of workers")
func orderAndWorkers() throws {
  let taught = try TaughtFolder()
  defer { taught.remove() }
  let images = ImageList(paths: [taught.folder + "/good", taught.folder + "/defect"]).images
  #expect(images.count == 9)
  let one = try taught.verdicts(images, jobs: 1)
  #expect(one.map(\.image) == images)
  #expect(try taught.verdicts(images, jobs: 4) == one)
}

@Test("a file that cannot be read is listed with its reason and the batch goes on")
func badFilesAreListed() throws {
  let taught = try TaughtFolder()
  defer { taught.remove() }
  let good = try #require(ImageList(paths: [taught.folder + "/good"]).images.first)
  let empty = taught.folder + "/empty.png"
  try Data().write(to: URL(fileURLWithPath: empty))
  let text = taught.folder + "/text.png"
  try Data("hello, I am no picture".utf8).write(to: URL(fileURLWithPath: text))
  let cut = taught.folder + "/cut.png"
  let whole = try Data(contentsOf: URL(fileURLWithPath: good))
  try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: cut))
  let gone = taught.folder + "/gone.png"
  let verdicts = try taught.verdicts([empty, text, cut, gone, taught.folder, good], jobs: 2)
  #expect(verdicts.map(\.outcome).prefix(5).allSatisfy { $0 == .error })
  #expect(verdicts[5].score != nil)
  let reasons = ["is empty", "not a PNG", "ends after row", "no such file", "this is a folder"]
  for (verdict, reason) in zip(verdicts, reasons) {
    #expect(verdict.error?.contains(reason) == true, "\(verdict.error ?? "no error")")
    #expect(verdict.error?.hasPrefix(verdict.image) == true)
  }
}

@Test("a saved recipe reads back and gives the same verdicts; a changed byte is refused")
func recipeFolder() throws {
  let taught = try TaughtFolder()
  defer { taught.remove() }
  let folder = taught.folder + "/recipe"
  try taught.loaded.save(in: folder)
  let read = try LoadedRecipe(folder: folder)
  #expect(read.recipe == taught.loaded.recipe)
  #expect(read.model.archive() == taught.loaded.model.archive())
  let path = folder + "/model.gemba"
  var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
  bytes[bytes.count / 2] ^= 1
  try bytes.write(to: URL(fileURLWithPath: path))
  #expect(throws: RecipeError.model(path: path, .damaged(reason: "the checksum does not match"))) {
    try LoadedRecipe(folder: folder)
  }
  try Data("GEMBA? no".utf8).write(to: URL(fileURLWithPath: path))
  #expect(throws: RecipeError.model(path: path, .foreign)) { try LoadedRecipe(folder: folder) }
}

@Test("a watched folder hands an image over once, when it no longer changes")
func watchedFolder() throws {
  let folder = NSTemporaryDirectory() + "gemba-watch-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let image = folder + "/a.png"
  let png = PNGEncoder.encode(Plane(width: 20, height: 20, filledWith: 9))
  var watch = FolderWatch(paths: [folder])
  #expect(watch.completed() == [])
  try Data(png.prefix(40)).write(to: URL(fileURLWithPath: image))
  #expect(watch.completed() == [], "seen once only")
  try Data(png).write(to: URL(fileURLWithPath: image))
  #expect(watch.completed() == [], "it has grown since")
  #expect(watch.completed() == [image])
  #expect(watch.completed() == [], "handed over already")
}

@Test("work on several threads comes back in order, and the first error is thrown")
func allCores() throws {
  #expect(try AllCores(count: 4).map(100) { $0 * $0 } == (0..<100).map { $0 * $0 })
  struct Fault: Error, Equatable { var index: Int }
  #expect(throws: Fault(index: 7)) {
    try AllCores(count: 4).map(50) { index in
      if index % 10 == 7 { throw Fault(index: index) }
    }
  }
}
