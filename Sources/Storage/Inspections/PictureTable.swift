import FactoryModel
import Foundation
import GRDB

/// A small picture of a part, PNG, kept with its verdict.
public struct VerdictPicture: Hashable, Sendable {
  /// Time, camera and image of the verdict.
  public var time: Timestamp
  public var camera: String
  public var image: String
  public var png: [UInt8]

  /// A picture of the part that a verdict of that time, camera and image is about.
  public init(time: Timestamp, camera: String, image: String, png: [UInt8]) {
    self.time = time
    self.camera = camera
    self.image = image
    self.png = png
  }
}

enum PictureTable {
  /// Writes pictures; one of the same camera, image and time replaces the one before.
  static func insert(_ pictures: [VerdictPicture], _ db: Database) throws {
    for picture in pictures {
      try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO picture (time, camera, image, png) VALUES (?, ?, ?, ?)"
      ).execute(arguments: [
        picture.time.nanoseconds, picture.camera, picture.image, Data(picture.png),
      ])
    }
  }
}

extension InspectionRecord {
  /// The kept picture of a verdict, nil where there is none (any more).
  public func picture(of verdict: CameraVerdict) throws(StorageError) -> [UInt8]? {
    try file.read { db in
      try Data.fetchOne(
        db, sql: "SELECT png FROM picture WHERE camera = ? AND image = ? AND time = ?",
        arguments: [verdict.camera, verdict.verdict.image, verdict.time.nanoseconds]
      ).map { [UInt8]($0) }
    }
  }

  /// The kept picture of a moment, of whichever camera; nil where there is none.
  public func picture(at time: Timestamp) throws(StorageError) -> [UInt8]? {
    try file.read { db in
      try Data.fetchOne(
        db, sql: "SELECT png FROM picture WHERE time = ?", arguments: [time.nanoseconds]
      ).map { [UInt8]($0) }
    }
  }

  /// The last verdicts with a kept picture, the newest first.
  /// - Parameter limit: at most so many.
  public func pictured(limit: Int) throws(StorageError) -> [CameraVerdict] {
    try file.read { db in
      let columns = VerdictRow.columns.split(separator: ", ").map { "verdict." + $0 }
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT \(columns.joined(separator: ", ")) FROM picture JOIN verdict
            ON verdict.camera = picture.camera AND verdict.image = picture.image
            AND verdict.time = picture.time
          ORDER BY picture.time DESC, picture.id DESC LIMIT ?
          """, arguments: [limit])
      return try rows.map { try VerdictRow.verdict($0, path: file.path) }
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
