import FactoryModel
import Foundation
import GRDB

/// Small pictures of a part, PNG, kept with its verdict.
public struct VerdictPicture: Hashable, Sendable {
  /// Time, camera and image of the verdict.
  public var time: Timestamp
  public var camera: String
  public var image: String
  /// The part with its defects marked.
  public var png: [UInt8]
  /// Where the method saw them; nil where it gave no map.
  public var heat: [UInt8]?

  /// Pictures of the part that a verdict of that time, camera and image is about.
  public init(
    time: Timestamp, camera: String, image: String, png: [UInt8], heat: [UInt8]? = nil
  ) {
    self.time = time
    self.camera = camera
    self.image = image
    self.png = png
    self.heat = heat
  }
}

/// A verdict of which the record keeps a picture.
public struct PicturedVerdict: Hashable, Sendable {
  public var id: ID
  public var entry: CameraVerdict
  public var hasHeat: Bool

  /// Names a verdict of a record for good: as text `TIME-ROW`.
  public struct ID: Hashable, Sendable, LosslessStringConvertible {
    var time: Timestamp
    /// Of the table of verdicts, where rows stay: two cameras may write in the same moment.
    var row: Int64

    init(time: Timestamp, row: Int64) {
      self.time = time
      self.row = row
    }

    /// Reads what `description` wrote.
    public init?(_ description: String) {
      let parts = description.split(separator: "-", omittingEmptySubsequences: false)
      guard parts.count == 2, let time = Int64(parts[0]), let row = Int64(parts[1]) else {
        return nil
      }
      self.init(time: Timestamp(nanoseconds: time), row: row)
    }

    public var description: String { "\(time.nanoseconds)-\(row)" }
  }
}

enum PictureTable {
  /// Writes pictures; one of the same camera, image and time replaces the one before.
  static func insert(_ pictures: [VerdictPicture], _ db: Database) throws {
    for picture in pictures {
      try db.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO picture (time, camera, image, png, heat) VALUES (?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        picture.time.nanoseconds, picture.camera, picture.image, Data(picture.png),
        picture.heat.map { Data($0) },
      ])
    }
  }
}

extension InspectionRecord {
  /// The kept pictures of a verdict, nil where there are none (any more).
  public func picture(of verdict: CameraVerdict) throws(StorageError) -> VerdictPicture? {
    try file.read { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT png, heat FROM picture WHERE camera = ? AND image = ? AND time = ?",
        arguments: [verdict.camera, verdict.verdict.image, verdict.time.nanoseconds])
      return try row.map { row in
        VerdictPicture(
          time: verdict.time, camera: verdict.camera, image: verdict.verdict.image,
          png: [UInt8](try row.column(0) as Data),
          heat: (try row.optional(1) as Data?).map { [UInt8]($0) })
      }
    }
  }

  /// The verdict of that name if it has a kept picture.
  public func pictured(_ id: PicturedVerdict.ID) throws(StorageError) -> PicturedVerdict? {
    try pictured(
      where: "verdict.id = ? AND verdict.time = ?", [id.row, id.time.nanoseconds], limit: 1
    ).first
  }

  /// The last verdicts with a kept picture, the newest first.
  /// - Parameters:
  ///   - id: only those that come after this one in that order; nil for all.
  ///   - limit: at most so many.
  public func pictured(
    after id: PicturedVerdict.ID? = nil, limit: Int
  ) throws(StorageError) -> [PicturedVerdict] {
    try pictured(
      where: "(picture.time, verdict.id) < (?, ?)",
      [id?.time.nanoseconds ?? .max, id?.row ?? .max], limit: limit)
  }

  private func pictured(
    where condition: String, _ arguments: StatementArguments, limit: Int
  ) throws(StorageError) -> [PicturedVerdict] {
    try file.read { db in
      let columns = VerdictRow.columns.split(separator: ", ").map { "verdict." + $0 }
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT \(columns.joined(separator: ", ")), verdict.id, picture.heat IS NOT NULL
          FROM picture JOIN verdict
            ON verdict.camera = picture.camera AND verdict.image = picture.image
            AND verdict.time = picture.time
          WHERE \(condition) ORDER BY picture.time DESC, verdict.id DESC LIMIT ?
          """, arguments: arguments + [limit])
      return try rows.map { row in
        let entry = try VerdictRow.verdict(row, path: file.path)
        return PicturedVerdict(
          id: .init(time: entry.time, row: try row.column(columns.count)), entry: entry,
          hasHeat: try row.column(columns.count + 1))
      }
    }
  }

  /// Removes kept pictures that are older than a moment, and the oldest of those beyond a number.
  public func forgetPictures(before end: Timestamp, most: Int) throws(StorageError) {
    try file.write { db in
      try db.execute(
        sql: "DELETE FROM picture WHERE time < ?", arguments: [end.nanoseconds])
      try db.execute(
        sql: """
          DELETE FROM picture WHERE id IN (
            SELECT id FROM picture ORDER BY time DESC, id DESC LIMIT -1 OFFSET ?)
          """, arguments: [most])
    }
  }
}
