import ArgumentParser
import FactoryModel
import Foundation
import Pipeline
import SampleParts

struct SamplesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "samples",
    abstract: "Make pictures of made-up parts with known defects, or a day of telemetry.",
    discussion: """
      Same family, counts and seed give the same files on every machine. `day` writes day.lp (line \
      protocol) and site.yaml: a day of a die-casting plant for gemba replay and gemba monitor.
      """)

  @Argument(help: "\(Self.families).")
  var family: String

  @Option(help: "The folder to write.")
  var out: String

  @Option(help: "Good parts; of gauge all plates.")
  var good: Int = 60

  @Option(help: "Defective parts, the classes in turn; gauge has none.")
  var defective: Int = 30

  @Option(help: "Pictures of each part, 1 to 4.")
  var exposures: Int = 1

  @Option(help: "Another seed makes other parts.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The date of `day`, in UTC.", valueName: "YYYY-MM-DD"))
  var date = "2026-03-02"

  private static let day = "day"
  private static let families =
    (SampleFamily.allCases.map(\.rawValue) + [day]).joined(separator: ", ")

  func validate() throws {
    guard SampleFamily(rawValue: family) != nil || family == Self.day else {
      throw ValidationError("there are no samples of \(family); take one of \(Self.families)")
    }
    guard let midnight, midnight.nanoseconds >= 0 else {
      throw ValidationError("--date \(date); give a day such as 2026-03-02")
    }
    guard good >= 0, defective >= 0, good + defective > 0 else {
      throw ValidationError("--good and --defective; give 0 or more, not both 0")
    }
    guard family != SampleFamily.gauge.rawValue || good > 0 else {
      throw ValidationError("--good 0; give 1 plate or more")
    }
    guard (1...4).contains(exposures) else {
      throw ValidationError("--exposures \(exposures); give 1 to 4")
    }
  }

  private var midnight: Timestamp? { Timestamp(rfc3339: date + "T00:00:00Z") }

  func run() throws {
    if family == Self.day { return try writeDay() }
    guard let family = SampleFamily(rawValue: family) else { return }
    let written = try SampleFolder.write(
      SampleSet(good: good, defective: defective),
      from: SampleGenerator(family: family, seed: seed, exposures: exposures), into: out)
    Terminal.result("\(written.count) files in \(out)")
    let others = SampleFolder.pictures(in: out).subtracting(written).count
    if others > 0 {
      Terminal.note(
        "gemba: \(out) holds pictures of another set too (\(others)); take a folder of its own")
    }
  }

  private func writeDay() throws {
    let day = PlantDay(start: (midnight?.nanoseconds ?? 0) / 1_000_000_000, seed: seed)
    try DurableFile.makeFolder(out)
    let lines = (0..<24).map(day.lines).joined()
    try DurableFile.write(lines, to: out + "/day.lp")
    try DurableFile.write(PlantDay.site, to: out + "/site.yaml")
    let words = [out + "/day.lp", "--site", out + "/site.yaml"].map(PathText.inShell)
    Terminal.result("2 files in \(out); next: gemba replay \(words.joined(separator: " "))")
  }
}

/// Samples as files.
enum SampleFolder {
  /// Writes `set` below `folder` and returns the files' paths there.
  static func write(_ set: SampleSet, from generator: SampleGenerator, into folder: String) throws
    -> Set<String>
  {
    let line = ProgressLine(unit: "files")
    var written: Set<String> = []
    let writer = SampleWriter { path, bytes in
      let url = URL(fileURLWithPath: folder + "/" + path)
      try DurableFile.makeFolder(url.deletingLastPathComponent().path)
      do {
        try Data(bytes).write(to: url)
      } catch { throw DurableFileError(path: url.path, error) }
      written.insert(path)
      line.show(written.count, of: max(written.count, set.good + set.defective))
    }
    try writer.write(set, from: generator)
    Terminal.endProgress()
    return written
  }

  /// The paths of all PNG files below `folder`, relative to it.
  static func pictures(in folder: String) -> Set<String> {
    let found = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return Set(found.filter { $0.hasSuffix(".png") })
  }
}
