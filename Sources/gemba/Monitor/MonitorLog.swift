import ArgumentParser
import FactoryModel
import Foundation
import Pipeline

/// What a running monitor says on standard error, a line each.
struct MonitorLog: Sendable {
  enum Form: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// `gemba: …`, for a person or a journal that adds the time.
    case text
    /// An object with time, level and message.
    case json
  }

  enum Level: String, Encodable, Sendable {
    case info
    case warning
    case error
  }

  private struct Entry: Encodable {
    var time: String
    var level: Level
    var message: String
  }

  let form: Form

  func write(_ message: String, _ level: Level = .info) {
    switch form {
    case .text: Terminal.note("gemba: \(message)")
    case .json:
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
      let entry = Entry(time: Timestamp.now.description, level: level, message: message)
      if let line = try? encoder.encode(entry) {
        Terminal.note(String(decoding: line, as: UTF8.self))
      }
    }
  }

  /// Says when the record cannot be written and when it can again, what is refused or away and why
  /// (of each source the first in a minute) and each minute how much was refused, until cancelled.
  func watch(_ monitor: LineMonitor) async throws {
    var fault: String?
    var before = await monitor.counts
    var seconds = 0
    var told: Set<String> = []
    while !Task.isCancelled {
      try await Task.sleep(for: .seconds(1))
      let found = await monitor.storageFault
      if let found, fault == nil { write("not recording: \(found)", .error) }
      if found == nil, fault != nil { write("recording again") }
      fault = found
      for (source, trouble) in await monitor.takeTroubles().sorted(by: <)
      where told.insert(source).inserted {
        write("\(source): \(trouble)", .warning)
      }
      seconds += 1
      guard seconds % 60 == 0 else { continue }
      let counts = await monitor.counts
      if let refused = Self.refused(counts, since: before) { write(refused, .warning) }
      before = counts
      told.removeAll()
    }
  }

  private static func refused(
    _ now: LineMonitor.Counts, since before: LineMonitor.Counts
  ) -> String? {
    let kinds = [
      ("lines", now.linesRefused - before.linesRefused),
      ("packets", now.packetsRefused - before.packetsRefused),
      ("messages", now.messagesRefused - before.messagesRefused),
      ("samples dated ahead", now.ahead - before.ahead),
    ]
    let found = kinds.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
    return found.isEmpty ? nil : "refused in the last minute: " + found.joined(separator: ", ")
  }
}
