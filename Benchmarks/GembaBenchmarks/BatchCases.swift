import Foundation
import Imaging
import Inspection
import Pipeline
import SampleParts

/// Whole batches, PNG files to verdicts, over one to all workers.
enum BatchCases {
  static func run() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "gemba-benchmark-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let generator = SampleGenerator(family: .castings, seed: 1)
    let items = try (0..<400).map { index in
      let path = folder.appending(path: "\(index).png").path
      let bytes = PNGEncoder.encode(generator.good(index % 80)[0].plane)
      try Data(bytes).write(to: URL(filePath: path))
      return BatchItem(image: path)
    }
    for (name, model) in try TaughtSamples.models(width: 300, height: 300) {
      try measure(name, model, items)
    }
  }

  private static func measure(_ name: String, _ model: any TaughtModel, _ items: [BatchItem]) throws
  {
    let loaded = LoadedRecipe(
      recipe: Recipe(
        method: name, threshold: .infinity,
        teaching: TeachingRecord(images: 24, parts: 24, seed: 1)),
      model: model,
      memory: TeachingMemory(
        brightness: [128], scores: [0], judged: [], isHeldOut: false, thumbnails: Thumbnails(),
        parts: [], settings: ""), regions: RecipeRegions())
    var single = 0.0
    let cores = ProcessInfo.processInfo.activeProcessorCount
    for workers in sequence(first: 1, next: { $0 < cores ? min($0 * 2, cores) : nil }) {
      let batch = BatchInspection(loaded, settings: BatchSettings(jobs: workers))
      let measured = try Measurement(passes: 3, pieces: items.count) {
        try batch.run(items) { _, _ in }
      }
      if workers == 1 { single = measured.minimum }
      Line.print(
        "batch of \(items.count), \(name), 300 × 300 PNG, \(workers) workers", measured,
        [
          ("imagesPerSecond", 1_000 / measured.minimum),
          ("timesOneWorker", single / measured.minimum),
        ])
    }
  }
}
