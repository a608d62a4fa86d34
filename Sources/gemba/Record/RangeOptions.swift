import ArgumentParser
import FactoryModel
import Storage

/// The stretch of time of a question to the record.
struct RangeOptions: ParsableArguments {
  @Option(
    help:
      "From this moment on, RFC 3339 (2026-03-01T08:00:00Z, or 2026-03-01; without a zone UTC).",
    transform: moment)
  var from: Timestamp?

  @Option(help: "Before this moment.", transform: moment)
  var to: Timestamp?

  func validate() throws {
    if let from, let to, to < from {
      throw ValidationError("--from \(from) is after --to \(to); exchange them")
    }
  }

  /// Everything where nothing is given.
  var range: Range<Timestamp> {
    let start = from ?? allTime.lowerBound
    return start..<max(start, to ?? allTime.upperBound)
  }

  private static func moment(_ text: String) throws -> Timestamp {
    guard let time = Timestamp(rfc3339: text) else {
      throw ValidationError(
        "'\(text)' is no moment; write it as 2026-03-01T08:00:00Z, 2026-03-01T16:00+08:00 or 2026-03-01"
      )
    }
    return time
  }
}
