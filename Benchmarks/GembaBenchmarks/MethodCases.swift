import Imaging
import Inspection
import Pipeline
import SampleParts

/// Both methods on made-up castings, one thread, decoded frames.
enum MethodCases {
  static func run() throws {
    let generator = SampleGenerator(family: .castings, seed: 1, width: 324, height: 324)
    let good = (0..<24).map { index in
      TeachingImage(name: "\(index)", part: "\(index)") { Frame(generator.good(index)[0].plane) }
    }
    // Speed does not depend on how long a network was taught.
    let set = TeachingSet(good: good)
    let surface = try SurfaceTeaching.teach(set, settings: .quick, workers: AllCores(count: 4)) {
      _ in
    }
    let gray = try GrayReferenceTeaching.teach(
      set, settings: GrayReferenceSettings(), workers: AllCores(count: 4)
    ) { _ in }
    let models: [(String, any TaughtModel)] = [("surface", surface), ("reference", gray)]
    for (name, model) in models {
      let frames = (30..<40).map { Frame(generator.good($0)[0].plane) }
      var inspector = model.makeInspector()
      let measured = try Measurement(passes: 15, pieces: frames.count) {
        for frame in frames {
          _ = try inspector.inspect(frame, InspectionRequest(minimumScore: .infinity))
        }
      }
      Line.print("\(name), 324 × 324 (105 kpx), one thread", measured)
    }
  }
}
