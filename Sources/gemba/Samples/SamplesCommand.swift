import ArgumentParser
import Foundation
import Pipeline
import SampleParts

struct SamplesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "samples", abstract: "Make pictures of made-up parts with known defects.",
    discussion: "Same family, counts and seed give the same pictures on every machine.")

  @Argument(help: "\(SampleFamily.allCases.map(\.rawValue).joined(separator: ", ")).")
  var family: String

  @Option(help: "The folder to write.")
  var out: String

  @Option(help: "Good parts.")
  var good: Int = 60

  @Option(help: "Defective parts, the classes in turn.")
  var defective: Int = 30

  @Option(help: "Pictures of each part, 1 to 4.")
  var exposures: Int = 1

  @Option(help: "Another seed makes other parts.")
  var seed: UInt64 = 1

  func validate() throws {
    guard SampleFamily(rawValue: family) != nil else {
      throw ValidationError(
        "there are no samples of \(family); take one of "
          + SampleFamily.allCases.map(\.rawValue).joined(separator: ", "))
    }
    guard good >= 0, defective >= 0, good + defective > 0 else {
      throw ValidationError("--good and --defective; give 0 or more, not both 0")
    }
    guard (1...4).contains(exposures) else {
      throw ValidationError("--exposures \(exposures); give 1 to 4")
    }
  }

  func run() throws {
    guard let family = SampleFamily(rawValue: family) else { return }
    let count = try SampleFolder.write(
      SampleSet(good: good, defective: defective),
      from: SampleGenerator(family: family, seed: seed, exposures: exposures), into: out)
    Terminal.result("\(count) files in \(out)")
  }
}

/// Samples as files.
enum SampleFolder {
  /// Writes `set` below `folder` and returns the number of files.
  static func write(_ set: SampleSet, from generator: SampleGenerator, into folder: String) throws
    -> Int
  {
    let line = ProgressLine(unit: "files")
    var count = 0
    let writer = SampleWriter { path, bytes in
      let url = URL(fileURLWithPath: folder + "/" + path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
      count += 1
      line.show(count, of: max(count, set.good + set.defective))
    }
    try writer.write(set, from: generator)
    Terminal.endProgress()
    return count
  }
}
