import GRDB

/// Why the record could not be opened, read or written.
public enum StorageError: Error, Hashable, Sendable {
  /// Nothing there to be read.
  case notFound(path: String)
  /// No file there, or a folder that cannot be entered or written.
  case cannotOpen(path: String)
  /// Not a SQLite file.
  case notADatabase(path: String)
  /// A SQLite file of another program.
  case notARecord(path: String)
  /// Written by a newer Gemba.
  case newerVersion(path: String, found: Int, known: Int)
  /// Written by an older Gemba and opened for reading only, so it cannot be brought up to date.
  case olderVersion(path: String, found: Int, known: Int)
  case readOnly(path: String)
  case diskFull(path: String)
  /// The system refuses to write: a quota, a limit on the size of files, a failing device.
  case cannotWrite(path: String)
  /// The device does not give back what was written.
  case cannotRead(path: String)
  case corrupt(path: String)
  /// A blob of samples that is damaged or of an unknown format.
  case damagedChunk(path: String, signal: String)
  /// Another process kept the file locked for too long.
  case busy(path: String)
  /// A copy was to take the place of what it is copied from.
  case sameFile(path: String)
  /// Another process has written samples since this one began to.
  case otherWriter(path: String)
  /// The journal was asked to write a serial that is not the next one.
  case serialGap(path: String, found: Int64, expected: Int64)
  /// Anything else that SQLite reports: its result code, and its own words.
  case sqlite(path: String, code: Int, message: String)
}

extension StorageError: CustomStringConvertible {
  /// `where: what was found, what was expected; how to mend it`.
  public var description: String {
    switch self {
    case .notFound(let path):
      "\(path): no such file; name the database that the monitor writes"
    case .sameFile(let path): "\(path): the database itself; name another file for the copy"
    case .cannotOpen(let path):
      "\(path): cannot be opened; check that the folder exists and may be written"
    case .notADatabase(let path): "\(path): not a SQLite file; name another file or move it away"
    case .notARecord(let path):
      "\(path): a SQLite file of another program; name another file or move it away"
    case .newerVersion(let path, let found, let known):
      "\(path): written in version \(found) by a newer Gemba, this one knows \(known); "
        + "update Gemba or name another file"
    case .olderVersion(let path, let found, let known):
      "\(path): written in version \(found) by an older Gemba, this one reads \(known); "
        + "start gemba monitor on it once, or make the file writable"
    case .readOnly(let path): "\(path): may not be written; check the rights of file and folder"
    case .diskFull(let path): "\(path): the disk is full; free space or shorten the retention"
    case .cannotWrite(let path):
      "\(path): the system refuses to write; check quota, file size limit and the device"
    case .cannotRead(let path):
      "\(path): the system refuses to read; check the device and save what it still gives"
    case .corrupt(let path):
      "\(path): damaged; restore the last backup, or save what can be read with 'sqlite3 .recover'"
    case .damagedChunk(let path, let signal):
      "\(path): samples of \(signal) are damaged; restore the last backup"
    case .busy(let path): "\(path): locked by another process; end it and try again"
    case .otherWriter(let path):
      "\(path): another process writes samples to it; end one of the two and start the other again"
    case .serialGap(let path, let found, let expected):
      "\(path): journal serial \(found) where \(expected) comes next; "
        + "make sure that one monitor alone writes this file"
    case .sqlite(let path, let code, let message): "\(path): SQLite error \(code), \(message)"
    }
  }
}

extension StorageError {
  /// What an error from SQLite means for the file.
  init(_ error: any Error, path: String) {
    if let known = error as? StorageError {
      self = known
      return
    }
    if error is RowDecodingError {
      self = .corrupt(path: path)
      return
    }
    guard let error = error as? DatabaseError else {
      self = .sqlite(path: path, code: 0, message: String(describing: error))
      return
    }
    self.init(error, path: path)
  }

  private init(_ error: DatabaseError, path: String) {
    switch error.extendedResultCode {
    case .SQLITE_IOERR_WRITE, .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC,
      .SQLITE_IOERR_TRUNCATE, .SQLITE_IOERR_DELETE:
      self = .cannotWrite(path: path)
      return
    case .SQLITE_IOERR_READ, .SQLITE_IOERR_SHORT_READ:
      self = .cannotRead(path: path)
      return
    case .SQLITE_IOERR_SHMSIZE:
      self = .diskFull(path: path)
      return
    default: break
    }
    switch error.resultCode {
    case .SQLITE_CANTOPEN: self = .cannotOpen(path: path)
    case .SQLITE_NOTADB: self = .notADatabase(path: path)
    case .SQLITE_READONLY: self = .readOnly(path: path)
    case .SQLITE_FULL: self = .diskFull(path: path)
    case .SQLITE_CORRUPT: self = .corrupt(path: path)
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
    default:
      self = .sqlite(
        path: path, code: Int(error.extendedResultCode.rawValue), message: error.message ?? "")
    }
  }

  /// Runs SQLite calls and says what their errors mean.
  static func catching<Result>(
    _ path: String, _ body: () throws -> Result
  ) throws(StorageError) -> Result {
    do { return try body() } catch { throw StorageError(error, path: path) }
  }
}
