import ArgumentParser
import FactoryModel
import Pipeline
import Synchronization
import Telemetry

struct HJ212Command: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hj212",
    abstract: "Speak HJ 212 with a monitoring centre, or through a running monitor with loggers.",
    subcommands: [
      HJ212SendCommand.self, HJ212LoggersCommand.self, HJ212AskCommand.self,
      HJ212SetTimeCommand.self, HJ212HistoryCommand.self,
    ])
}

struct HJ212SendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send",
    abstract: "Upload recorded minutes, hours and days of an outlet to a monitoring centre.",
    discussion: """
      Sends the periods that begin in the range given, each until the centre has answered it, and \
      answers what the centre asks for meanwhile. A period that is reckoned again later is not \
      sent again. Prints one line of JSON for each upload. \
      Exit code: 0 everything was answered, 1 something was not.
      """)

  @Option(help: "The centre's address, host:port.")
  var centre: String

  @Option(help: "The record.")
  var database: String

  @Option(help: "The outlet, as the site file names it.")
  var outlet: String

  @Option(help: "The site's number (MN).")
  var mn: String

  @Option(help: "The site's password (PW).")
  var pw = "123456"

  @Option(help: "The kind of source (ST): 31 flue gas, 32 waste water.")
  var st = "31"

  @Option(help: "Of minute, hour, day, with commas between.")
  var kinds = "hour,day"

  @OptionGroup var times: RangeOptions

  @Option(help: "Hours and minutes that times in packets are ahead of UTC.")
  var zone = "+08:00"

  @Flag(help: "Stay, and send periods as they are recorded.")
  var follow = false

  func run() async throws {
    guard let address = ListenAddress(centre), address.port > 0 else {
      throw ValidationError("--centre \(centre): use host:port")
    }
    guard times.to == nil || !follow else { throw ValidationError("--to goes without --follow") }
    let source = try PeriodUploads(record: database, outlet: outlet, kinds: periodKinds())
    let uploads = try source.uploads(in: times.range)
    if uploads.isEmpty, !follow {
      let known = try source.outlets()
      guard known.contains(outlet) else {
        throw NoSuchOutlet(path: database, outlet: outlet, known: known)
      }
      Terminal.note("gemba: nothing on record to send")
    }
    var settings = HJ212Settings()
    settings.zoneOffsetSeconds = try offsetSeconds()
    let unanswered = Mutex(0)
    try await HJ212Sender(
      to: address, as: HJ212Address(site: mn, station: st, password: pw), settings: settings
    ).send(uploads, source: source, follow: follow ? times.range.lowerBound : nil) {
      upload, result in
      if result != .delivered { unanswered.withLock { $0 += 1 } }
      let word = result == .delivered ? "delivered" : "noAnswer"
      Terminal.result(
        "{\"kind\":\"\(upload.kind)\",\"time\":\"\(upload.time)\",\"result\":\"\(word)\"}")
    }
    if unanswered.withLock({ $0 }) > 0 { throw ExitCode(1) }
  }

  private func periodKinds() throws -> Set<PeriodKind> {
    let known: [Substring: PeriodKind] = ["minute": .minute, "hour": .hour, "day": .day]
    let words = kinds.split(separator: ",")
    let found = words.compactMap { known[$0] }
    guard !found.isEmpty, found.count == words.count else {
      throw ValidationError("--kinds \(kinds): use minute, hour, day with commas between")
    }
    return Set(found)
  }

  private func offsetSeconds() throws -> Int {
    let midnight = "2000-01-01T00:00:00"
    guard zone.hasPrefix("+") || zone.hasPrefix("-"),
      let local = Timestamp(rfc3339: midnight + zone), let utc = Timestamp(rfc3339: midnight)
    else { throw ValidationError("--zone \(zone): use hours and minutes, such as +08:00") }
    return Int((utc - local).inSeconds)
  }
}

/// Why nothing is sent.
private struct NoSuchOutlet: Error, CustomStringConvertible {
  var path: String
  var outlet: String
  var known: [String]

  var description: String {
    let names = known.isEmpty ? "none there yet" : known.joined(separator: ", ")
    return "\(path): no outlet \(outlet) is on record, expected one of: \(names)"
  }
}
