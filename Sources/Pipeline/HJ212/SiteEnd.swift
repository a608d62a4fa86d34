import FactoryModel
import Telemetry

/// The site's end across connections: one owner for the reader and the timekeeper of a connection.
actor SiteEnd {
  /// What became of one upload.
  typealias Report = @Sendable (HJ212Upload, HJ212Site.Result) -> Void

  private var site: HJ212Site
  private let source: PeriodUploads?
  private let report: Report
  /// Periods that begin from here on are sent as they are recorded, nil where none are.
  private let followed: Timestamp?
  /// Where the last one of each kind began; periods of a kind are recorded in their order.
  private var newest: [HJ212Upload.Kind: Timestamp] = [:]
  private var nextLook = Timestamp(nanoseconds: .min)
  /// Packets answered since the last call of `takeProgress`.
  private var hasProgress = false

  private static let lookInterval: Duration = .seconds(5)

  init(
    _ site: HJ212Site, source: PeriodUploads?, follow: Timestamp?, report: @escaping Report
  ) {
    self.site = site
    self.source = source
    self.report = report
    followed = follow
  }

  /// Whether nothing is left to send, now or later.
  var isDone: Bool { site.waiting == 0 && followed == nil }

  var waiting: Int { site.waiting }

  func upload(_ uploads: [HJ212Upload], at now: Timestamp) {
    for upload in uploads {
      site.upload(upload, at: now)
      newest[upload.kind] = max(upload.time, newest[upload.kind] ?? upload.time)
    }
  }

  /// A connection stands: gives the bytes to begin with.
  func connected(at now: Timestamp) -> [UInt8] { site.reconnect(at: now) }

  /// Bytes arrived: gives those to send.
  func receive(_ bytes: [UInt8], at now: Timestamp) throws -> [UInt8] {
    let before = site.waiting
    var output = site.receive(bytes, at: now)
    for request in site.takeRequests() {
      let uploads = try source?.uploads(for: request.request, at: now) ?? []
      // 3: conditions are not met. Nobody sets this machine's clock from outside.
      var code: Int?
      if case .setTime = request.request { code = 3 }
      output += site.answer(request, with: uploads, code: code)
    }
    tell()
    if site.waiting < before { hasProgress = true }
    return output
  }

  /// Time passes: gives the bytes to send, new periods of the record among them.
  func advance(to now: Timestamp) throws -> [UInt8] {
    if let from = followed, let source, now >= nextLook {
      nextLook = now + Self.lookInterval
      let isEveryKindKnown = newest.count == source.kindCount
      let start = isEveryKindKnown ? max(from, newest.values.min() ?? from) : from
      let uploads = try source.uploads(in: start..<max(start, now))
      upload(uploads.filter { $0.time > newest[$0.kind] ?? Timestamp(nanoseconds: .min) }, at: now)
    }
    defer { tell() }
    return site.advance(to: now)
  }

  /// How long nothing needs to be done, at most a second.
  func pause(at now: Timestamp) -> Duration {
    let longest = Duration.seconds(1)
    guard let deadline = site.deadline else { return longest }
    return max(.milliseconds(1), min(longest, deadline - now))
  }

  func takeProgress() -> Bool {
    defer { hasProgress = false }
    return hasProgress
  }

  private func tell() {
    for outcome in site.takeOutcomes() { report(outcome.upload, outcome.result) }
  }
}
