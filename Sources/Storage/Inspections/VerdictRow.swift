import FactoryModel
import Foundation
import GRDB

/// A row of the table of verdicts.
enum VerdictRow {
  /// Writes verdicts; one of the same camera, image and time replaces the one before.
  static func insert(_ verdicts: [CameraVerdict], _ db: Database) throws {
    guard !verdicts.isEmpty else { return }
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO verdict
          (time, camera, image, part, outcome, score, threshold, milliseconds, error, defects)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (camera, image, time) DO UPDATE SET part = excluded.part,
          outcome = excluded.outcome, score = excluded.score, threshold = excluded.threshold,
          milliseconds = excluded.milliseconds, error = excluded.error, defects = excluded.defects
        """)
    for entry in verdicts {
      let verdict = entry.verdict
      try statement.execute(arguments: [
        entry.time.nanoseconds, entry.camera, verdict.image, entry.part,
        verdict.outcome.rawValue, verdict.score, verdict.threshold, verdict.milliseconds,
        verdict.error, try text(verdict.defects),
      ])
    }
  }

  /// The columns that `verdict` reads, in its order.
  static let columns =
    "time, camera, image, part, outcome, score, threshold, milliseconds, error, defects"

  static func verdict(_ row: Row, path: String) throws -> CameraVerdict {
    guard let outcome = Outcome(rawValue: try row.column(4)),
      let defects = try? JSONDecoder().decode(
        [StoredDefect].self, from: Data((try row.column(9) as String).utf8))
    else { throw StorageError.corrupt(path: path) }
    let verdict = Verdict(
      image: try row.column(2), outcome: outcome, score: try row.optional(5),
      threshold: try row.column(6), defects: defects.map(\.defect),
      milliseconds: try row.column(7), error: try row.optional(8))
    return CameraVerdict(
      time: Timestamp(nanoseconds: try row.column(0)), camera: try row.column(1),
      part: try row.optional(3), verdict: verdict)
  }

  private static func text(_ defects: [Defect]) throws -> String {
    guard !defects.isEmpty else { return "[]" }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(defects.map(StoredDefect.init)), as: UTF8.self)
  }
}

/// A defect with the names that the record of `gemba inspect` uses too.
private struct StoredDefect: Codable {
  var `class`: String
  var score: Double
  var x: Int
  var y: Int
  var width: Int
  var height: Int
  var area: Int
  var length: Double?
  var contrast: Double?

  init(_ defect: Defect) {
    `class` = defect.kind
    score = defect.score
    x = defect.x
    y = defect.y
    width = defect.width
    height = defect.height
    area = defect.area
    length = defect.length
    contrast = defect.contrast
  }

  var defect: Defect {
    Defect(
      kind: `class`, score: score, x: x, y: y, width: width, height: height, area: area,
      length: length, contrast: contrast)
  }
}
