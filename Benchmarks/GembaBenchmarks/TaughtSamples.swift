import Imaging
import Inspection
import Pipeline
import SampleParts

/// Models taught from made-up castings, for cases that only need one; teaching is short, because
/// speed does not depend on how long a network was taught.
enum TaughtSamples {
  static func models(width: Int = 324, height: Int = 324) throws -> [(String, any TaughtModel)] {
    let generator = SampleGenerator(family: .castings, seed: 1, width: width, height: height)
    let good = (0..<24).map { index in
      TeachingImage(name: "\(index)", part: "\(index)") { Frame(generator.good(index)[0].plane) }
    }
    let set = TeachingSet(good: good)
    let workers = AllCores(count: 4)
    return [
      (
        "surface",
        try SurfaceTeaching.teach(set, settings: .quick, workers: workers) { _ in }
      ),
      (
        "reference",
        try GrayReferenceTeaching.teach(
          set, settings: GrayReferenceSettings(), workers: workers
        ) { _ in }
      ),
      ("learned", try learned(set, generator, workers)),
    ]
  }

  private static func learned(
    _ set: TeachingSet, _ generator: SampleGenerator, _ workers: any Workers
  ) throws -> LearnedModel {
    var set = set
    set.defects = (0..<24).map { index in
      TeachingImage(name: "d\(index)", part: "d\(index)", kind: "defect") {
        Frame(generator.defective(index)[0].plane)
      }
    }
    var settings = LearnedSettings()
    (settings.epochs, settings.imagesShown) = (1, 0)
    return try LearnedTeaching.teach(set, settings: settings, workers: workers) { _ in }
  }

  /// Good parts that were not taught.
  static func frames(_ count: Int, width: Int = 324, height: Int = 324) -> [Frame] {
    let generator = SampleGenerator(family: .castings, seed: 1, width: width, height: height)
    return (30..<30 + count).map { Frame(generator.good($0)[0].plane) }
  }
}
