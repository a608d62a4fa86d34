import FactoryModel
import Foundation
import Telemetry

/// Runs a recording through a monitor, with the recording's own time.
public struct Replay: Sendable {
  /// How fast.
  public enum Speed: Hashable, Sendable {
    /// As fast as the machine can.
    case most
    /// Times the recording's own pace.
    case times(Double)
  }

  /// Where a replay stands.
  public struct Progress: Hashable, Sendable {
    public var bytes: Int
    public var total: Int
    /// Of the newest sample.
    public var time: Timestamp?
  }

  /// What a piece holds at most while nothing paces it.
  private static let pieceBytes = 1 << 20

  private let monitor: LineMonitor
  private let path: String
  private let reader: RecordingReader
  private let speed: Speed

  /// A replay of the file at `path`, `-` for standard input, into a monitor whose clock is the
  /// recording's.
  /// - Parameter reader: at the beginning of the file.
  public init(
    _ path: String, with reader: RecordingReader, speed: Speed, into monitor: LineMonitor
  ) {
    self.path = path
    self.reader = reader
    self.speed = speed
    self.monitor = monitor
  }

  /// Replays until the end or until cancelled.
  /// - Parameter progress: is told where it stands; of a pipe, whose end is not known, nothing.
  /// - Returns: lines, samples, and the first lines that were refused.
  /// - Throws: `ReplayError` when the file cannot be read, `StorageError`.
  public func run(progress: @Sendable (Progress) -> Void) async throws -> RecordingReport {
    let input = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
    guard let file = input else { throw ReplayError.unreadable(path: path) }
    defer { try? file.close() }
    let total = (try? file.seekToEnd()).map(Int.init)
    if total != nil { try file.seek(toOffset: 0) }
    var reader = reader
    var pace = Pace(speed)
    // A paced replay hands over little at a time, so that the screen moves evenly.
    let size = speed == .most ? Self.pieceBytes : 4_096
    var done = 0
    while !Task.isCancelled, let data = try file.read(upToCount: size), !data.isEmpty {
      try await monitor.read(Array(data), of: &reader, isEnd: false, path: path)
      done += data.count
      let time = await monitor.lastSample
      if let total { progress(Progress(bytes: done, total: total, time: time)) }
      if let time { try await pace.wait(until: time) }
    }
    try await monitor.read([], of: &reader, isEnd: true, path: path)
    return reader.report
  }

  /// Holds a replay back to its speed.
  private struct Pace {
    private let factor: Double?
    private let clock = ContinuousClock()
    private var begin: (clock: ContinuousClock.Instant, time: Timestamp)?

    init(_ speed: Speed) {
      factor = if case .times(let factor) = speed { factor } else { nil }
    }

    mutating func wait(until time: Timestamp) async throws {
      guard let factor else { return }
      guard let begin else {
        begin = (clock.now, time)
        return
      }
      try await clock.sleep(until: begin.clock + (time - begin.time) / factor)
    }
  }
}

/// Why a recording cannot be replayed.
enum ReplayError: Error, CustomStringConvertible {
  case unreadable(path: String)
  case heading(path: String, CSVHeadingError)

  var description: String {
    switch self {
    case .unreadable(let path):
      "\(path): cannot be read; give a file of line protocol, CSV or lines of JSON"
    case .heading(let path, let error): "\(path), \(error)"
    }
  }
}

extension LineMonitor {
  /// Takes a piece of a recording; returns when it is on record.
  func read(
    _ bytes: [UInt8], of reader: inout RecordingReader, isEnd: Bool, path: String
  ) async throws {
    let before = reader.report
    do throws(CSVHeadingError) {
      try reader.read(bytes, isEnd: isEnd, receivedAt: now, table: &table, into: &batch)
    } catch {
      throw ReplayError.heading(path: path, error)
    }
    counts.lines += reader.report.lines - before.lines
    counts.linesRefused += reader.report.refused - before.refused
    takeBatch()
    try await commit()
  }
}
