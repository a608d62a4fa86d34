import FactoryModel
import Foundation
import Imaging
import Inspection
import Pipeline
import Reports
import Synchronization

/// The folder of `--out`: the record line by line, then tables, report and pictures.
final class RunOutput: Sendable {
  private let folder: String?
  private let overlays: Bool
  private let heatmaps: Bool
  private let recordFile: Mutex<FileHandle?>
  private let gallery: RejectGallery
  private let recipe: Recipe
  private let heatScale: HeatScale
  private let recipeName: String
  /// Verdicts that the folder's record already holds, by image; errors are tried again.
  let resumed: [String: Verdict]

  init(_ options: InspectCommand, _ loaded: LoadedRecipe) throws {
    folder = options.out
    overlays = options.overlays
    heatmaps = options.heatmaps
    recipe = loaded.recipe
    heatScale = HeatScale(of: loaded)
    recipeName = options.recipe
    gallery = RejectGallery(most: 12)
    guard let folder = options.out else {
      recordFile = Mutex(nil)
      resumed = [:]
      return
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/verdicts.ndjson"
    resumed = options.resume ? Self.read(path) : [:]
    let kept = resumed.values.map { VerdictLine.text($0) + "\n" }.sorted().joined()
    try DurableFile.write(kept, to: path)
    let file = FileHandle(forWritingAtPath: path)
    try file?.seekToEnd()
    recordFile = Mutex(file)
  }

  private static func read(_ path: String) -> [String: Verdict] {
    guard let bytes = FileManager.default.contents(atPath: path) else { return [:] }
    var known: [String: Verdict] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      if let verdict = VerdictLine.verdict(line), verdict.outcome != .error {
        known[verdict.image] = verdict
      }
    }
    return known
  }

  /// The report shows heat maps beside rejects, so maps are wanted whenever there is a folder.
  var wantsMaps: Bool { folder != nil }

  /// Appends the verdict to the record at once, so that a crash loses nothing that was said.
  func record(_ verdict: Verdict) {
    guard resumed[verdict.image] == nil else { return }
    recordFile.withLock { $0?.write(Data((VerdictLine.text(verdict) + "\n").utf8)) }
  }

  /// Writes the pictures of a rejected part and keeps the worst for the report.
  func pictures(of part: InspectedPart) throws {
    guard let folder, part.verdict.outcome == .reject, let plane = part.plane else { return }
    gallery.offer(part, heatScale)
    if overlays {
      try write(
        Overlay.picture(plane, part.pictured), folder + "/overlays", part.verdict.image)
    }
    if heatmaps, let map = part.picturedMap {
      try write(
        HeatMap.picture(plane, map.grid(heatScale)), folder + "/heatmaps", part.verdict.image)
    }
  }

  private func write(_ picture: ColourPicture, _ folder: String, _ image: String) throws {
    // The folders of the image's path become part of the name, so that equal names do not collide.
    let name = image.split(separator: "/").filter { $0 != "." && $0 != ".." }.joined(separator: "_")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(PNGEncoder.encode(picture))
      .write(to: URL(fileURLWithPath: folder + "/" + name), options: .atomic)
  }

  /// Writes the tables and the report.
  func finish(_ verdicts: [Verdict], seconds: Double, warnings: [String]) throws {
    guard let folder else { return }
    recordFile.withLock { try? $0?.close() }
    // The record ends in the order of the input, also after a resumed run.
    try DurableFile.write(
      verdicts.map { VerdictLine.text($0) + "\n" }.joined(), to: folder + "/verdicts.ndjson")
    try DurableFile.write(VerdictTable.csv(verdicts), to: folder + "/verdicts.csv")
    try DurableFile.write(JUnit.xml(verdicts, suite: recipeName), to: folder + "/junit.xml")
    let html = InspectionReport.html(
      InspectionReport.Content(
        recipe: recipeName, method: recipe.method, threshold: recipe.threshold,
        verdicts: verdicts, seconds: seconds, worst: gallery.pictures, warnings: warnings))
    try DurableFile.write(html, to: folder + "/report.html")
    Terminal.note("gemba: report in \(folder)/report.html")
  }

}

/// The worst rejects of a run with their pictures, at most so many.
final class RejectGallery: Sendable {
  private let most: Int
  private let kept = Mutex<[(verdict: Verdict, overlay: [UInt8], heat: [UInt8]?)]>([])

  init(most: Int) { self.most = most }

  func offer(_ part: InspectedPart, _ scale: HeatScale) {
    guard let plane = part.plane, let score = part.verdict.score else { return }
    let wanted = kept.withLock { kept in
      kept.count < most || score > (kept.last?.verdict.score ?? -.infinity)
    }
    guard wanted else { return }
    let overlay = PNGEncoder.encode(Overlay.picture(plane, part.pictured).forPage)
    let heat = part.picturedMap.map {
      PNGEncoder.encode(HeatMap.picture(plane, $0.grid(scale)).forPage)
    }
    kept.withLock { kept in
      kept.append((part.verdict, overlay, heat))
      kept.sort {
        ($0.verdict.score ?? 0, $1.verdict.image) > ($1.verdict.score ?? 0, $0.verdict.image)
      }
      if kept.count > most { kept.removeLast() }
    }
  }

  var pictures: [InspectionReport.Reject] {
    kept.withLock { kept in
      kept.map { InspectionReport.Reject(verdict: $0.verdict, overlay: $0.overlay, heat: $0.heat) }
    }
  }
}
