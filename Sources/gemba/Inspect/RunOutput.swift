import FactoryModel
import Foundation
import Imaging
import Inspection
import Pipeline
import Reports
import Synchronization

/// The folder of `--out`: the record line by line, then tables, report and pictures.
final class RunOutput: Sendable {
  /// The folders of pictures below that of `--out`.
  static let pictureFolders = ["overlays", "heatmaps"]

  private let folder: String?
  private let overlays: Bool
  private let heatmaps: Bool
  private let recordFile: Mutex<FileHandle?>
  private let fault = Mutex<DurableFileError?>(nil)
  private let rejects = PartGallery(most: 12)
  private let unsure = PartGallery(most: 12)
  private let recipe: Recipe
  private let heatScale: HeatScale
  private let recipeName: String
  private let subject: String
  /// Verdicts that the folder's record already holds, by image; errors are tried again, and so are
  /// images judged under another threshold.
  let resumed: [String: Verdict]

  init(_ options: InspectCommand, _ loaded: LoadedRecipe) throws {
    folder = options.out
    overlays = options.overlays
    heatmaps = options.heatmaps
    recipe = loaded.recipe
    heatScale = HeatScale(of: loaded)
    recipeName = options.recipe
    subject = Self.subject(options.paths + [options.pairs].compactMap(\.self))
    guard let folder = options.out else {
      recordFile = Mutex(nil)
      resumed = [:]
      return
    }
    try DurableFile.makeFolder(folder)
    let path = folder + "/verdicts.ndjson"
    resumed = options.resume ? Self.read(path, under: loaded.recipe.threshold) : [:]
    let kept = resumed.values.map { VerdictLine.text($0) + "\n" }.sorted().joined()
    try DurableFile.write(kept, to: path)
    let file = FileHandle(forWritingAtPath: path)
    try file?.seekToEnd()
    recordFile = Mutex(file)
  }

  /// `photos/today, 2026-11-21 14:05`, in the local time of now.
  private static func subject(_ paths: [String]) -> String {
    let date = DateFormatter()
    date.locale = Locale(identifier: "en_US_POSIX")
    date.dateFormat = "yyyy-MM-dd HH:mm"
    let named = paths.prefix(3).map { $0 == "-" ? "a list" : $0 }.joined(separator: ", ")
    return named + (paths.count > 3 ? " and \(paths.count - 3) more" : "") + ", "
      + date.string(from: Date())
  }

  /// The verdicts of a record but for errors and those under another threshold.
  private static func read(_ path: String, under threshold: Double) -> [String: Verdict] {
    guard let bytes = FileManager.default.contents(atPath: path) else { return [:] }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    let verdicts = lines.compactMap(VerdictLine.verdict).filter { $0.outcome != .error }
    let known = verdicts.filter { $0.threshold == threshold }
    if known.count < verdicts.count {
      Terminal.note(
        "gemba: \(verdicts.count - known.count) verdicts of \(path) are under another threshold; "
          + "those images are inspected again")
    }
    return Dictionary(known.map { ($0.image, $0) }, uniquingKeysWith: { _, last in last })
  }

  /// The report shows heat maps beside rejects, so maps are wanted whenever there is a folder.
  var wantsMaps: Bool { folder != nil }

  /// Appends the verdict to the record at once, so that a crash loses nothing that was said.
  func record(_ verdict: Verdict) {
    guard resumed[verdict.image] == nil else { return }
    let line = Data((VerdictLine.text(verdict) + "\n").utf8)
    attempt((folder ?? "") + "/verdicts.ndjson") {
      try recordFile.withLock { try $0?.write(contentsOf: line) }
    }
  }

  /// Whether something could not be written.
  var isIncomplete: Bool { fault.withLock { $0 != nil } }

  /// Writes; what fails is said once, and the inspection goes on: its verdicts stay true.
  private func attempt(_ path: String, _ write: () throws -> Void) {
    do {
      try write()
    } catch {
      let error = error as? DurableFileError ?? DurableFileError(path: path, error)
      let isFirst = fault.withLock { fault in
        defer { fault = fault ?? error }
        return fault == nil
      }
      if isFirst { Terminal.note("gemba: \(error)") }
    }
  }

  /// Writes the pictures of a rejected or unsure part and keeps the worst for the report.
  func pictures(of part: InspectedPart) {
    guard let folder, let plane = part.plane else { return }
    switch part.verdict.outcome {
    case .reject: rejects.offer(part, heatScale)
    case .unsure: unsure.offer(part, heatScale)
    case .pass, .error: return
    }
    if overlays {
      write(
        Overlay.picture(plane, part.pictured), folder + "/" + Self.pictureFolders[0],
        part.verdict.image)
    }
    if heatmaps, let map = part.picturedMap {
      write(
        HeatMap.picture(plane, map.grid(heatScale)), folder + "/" + Self.pictureFolders[1],
        part.verdict.image)
    }
  }

  private func write(_ picture: ColourPicture, _ folder: String, _ image: String) {
    // The folders of the image's path become part of the name, so that equal names do not collide.
    let name = image.split(separator: "/").filter { $0 != "." && $0 != ".." }.joined(separator: "_")
    attempt(folder + "/" + name) {
      try DurableFile.makeFolder(folder)
      try Data(PNGEncoder.encode(picture))
        .write(to: URL(fileURLWithPath: folder + "/" + name), options: .atomic)
    }
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
    var content = InspectionReport.Content(
      recipe: recipeName, method: recipe.method, threshold: recipe.threshold,
      verdicts: verdicts, seconds: seconds, worst: rejects.pictures, warnings: warnings)
    content.subject = subject
    content.unsure = unsure.pictures
    try DurableFile.write(InspectionReport.html(content), to: folder + "/report.html")
    Terminal.note("gemba: report in \(folder)/report.html")
  }

}

/// The parts of one outcome with the highest scores, with their pictures, at most so many.
final class PartGallery: Sendable {
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
