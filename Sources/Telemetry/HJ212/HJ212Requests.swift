import FactoryModel

/// What the centre asks of a site.
public enum HJ212Request: Hashable, Sendable {
  /// Real-time data (2011).
  case current
  /// Minute values of a stretch (2051).
  case minutes(from: Timestamp, to: Timestamp)
  /// Hour values (2061).
  case hours(from: Timestamp, to: Timestamp)
  /// Day values (2031).
  case days(from: Timestamp, to: Timestamp)
  /// What the site's clock says (1011).
  case time
  /// Set the site's clock (1012).
  case setTime(Timestamp)

  /// CN.
  var commandNumber: Int {
    switch self {
    case .current: 2_011
    case .minutes: 2_051
    case .hours: 2_061
    case .days: 2_031
    case .time: 1_011
    case .setTime: 1_012
    }
  }

  func data(offsetSeconds: Int) -> String {
    func text(_ time: Timestamp) -> String { HJ212Clock.text(time, offsetSeconds: offsetSeconds) }
    switch self {
    case .current, .time: return ""
    case .minutes(let from, let to), .hours(let from, let to), .days(let from, let to):
      return "BeginTime=\(text(from)),EndTime=\(text(to))"
    case .setTime(let time): return "SystemTime=\(text(time))"
    }
  }
}

/// How a request ended.
public struct HJ212Outcome: Hashable, Sendable {
  public enum Result: Hashable, Sendable {
    /// Carried out; data, if asked for, has come before.
    case done
    /// Not ready: the `QnRtn` code, 2 refused, 3 PW, 4 MN, 5 ST, 6 Flag, 7 QN, 8 CN, 9 CRC, 100 unknown.
    case refused(code: Int)
    /// Not carried out: the `ExeRtn` code, 2 failed, 3 conditions, 4 time-out, 5 busy, 6 fault, 100 no
    /// data.
    case failed(code: Int)
    /// No answer after the last resend.
    case noAnswer
    /// Accepted, but its end was never told.
    case notFinished
  }

  public var qn: String
  public var site: HJ212Address
  public var request: HJ212Request
  public var result: Result
  /// What packets with the request's number said in their data areas, the first few.
  public var answers: [String]
  /// How many such packets came.
  public var packets: Int
}

/// Requests of the centre on one connection that are not yet answered.
struct HJ212Requests: Sendable {
  /// What a 9011, 9012, 9013 or 9014 packet said.
  struct Answer: Hashable, Sendable {
    var commandNumber: Int
    var qn: String
    /// `QnRtn` or `ExeRtn`.
    var code: Int?
  }

  private struct Pending: Sendable {
    var qn: String
    var site: HJ212Address
    var request: HJ212Request
    var bytes: [UInt8]
    var resends = 0
    var isAccepted = false
    var deadline: Timestamp
    var answers: [String] = []
    var packets = 0
  }

  private static let mostAnswersKept = 16

  var settings: HJ212Settings
  private let checksum = HJ212Checksum.shared
  private var numbers = HJ212Numbers()
  private var pending: [Pending] = []
  private var outcomes: [HJ212Outcome] = []

  init(settings: HJ212Settings) {
    self.settings = settings
  }

  var deadline: Timestamp? { pending.map(\.deadline).min() }

  /// Whether a request waits for its end.
  var isWaiting: Bool { !pending.isEmpty }

  /// Whether a site has said that it will carry out a request.
  func isAccepted(_ qn: String) -> Bool { pending.contains { $0.qn == qn && $0.isAccepted } }

  /// Takes note of a packet that bears a request's number: the end may take its time from now on.
  mutating func heard(_ data: String, qn: String, at now: Timestamp) {
    guard let place = pending.firstIndex(where: { $0.qn == qn }) else { return }
    pending[place].packets += 1
    if pending[place].answers.count < Self.mostAnswersKept { pending[place].answers.append(data) }
    pending[place].isAccepted = true
    pending[place].deadline = now + settings.executionTimeout
  }

  mutating func ask(
    _ request: HJ212Request, of site: HJ212Address, at now: Timestamp
  ) -> (qn: String, bytes: [UInt8]) {
    let offset = settings.zoneOffsetSeconds
    let qn = numbers.next(at: now, offsetSeconds: offset)
    // 5: version 2017, an answer is wanted.
    let message = HJ212Message(
      qn: qn, station: site.station, commandNumber: request.commandNumber, password: site.password,
      site: site.site, flag: 5, data: request.data(offsetSeconds: offset))
    let bytes = message.encoded(checksum, settings.checksum)
    pending.append(
      Pending(
        qn: qn, site: site, request: request, bytes: bytes,
        deadline: now + settings.answerTimeout))
    return (qn, bytes)
  }

  mutating func take(_ answer: Answer, at now: Timestamp) {
    guard let place = pending.firstIndex(where: { $0.qn == answer.qn }) else { return }
    switch (answer.commandNumber, answer.code) {
    case (9_011, 1), (9_011, nil):
      pending[place].isAccepted = true
      pending[place].deadline = now + settings.executionTimeout
    case (9_011, let code?): end(place, .refused(code: code))
    case (9_012, 1), (9_012, nil), (9_013, _), (9_014, _): end(place, .done)
    case (9_012, let code?): end(place, .failed(code: code))
    default: break
    }
  }

  /// Ends what is late or gives it to be sent again.
  mutating func advance(to now: Timestamp) -> [UInt8] {
    var output: [UInt8] = []
    for place in pending.indices.reversed() where now >= pending[place].deadline {
      if pending[place].isAccepted {
        end(place, .notFinished)
      } else if pending[place].resends == settings.resends {
        end(place, .noAnswer)
      } else {
        pending[place].resends += 1
        pending[place].deadline = now + settings.answerTimeout
        output += pending[place].bytes
      }
    }
    return output
  }

  mutating func takeOutcomes() -> [HJ212Outcome] {
    defer { outcomes.removeAll() }
    return outcomes
  }

  private mutating func end(_ place: Int, _ result: HJ212Outcome.Result) {
    let ended = pending.remove(at: place)
    outcomes.append(
      HJ212Outcome(
        qn: ended.qn, site: ended.site, request: ended.request, result: result,
        answers: ended.answers, packets: ended.packets))
  }
}

/// Numbers of packets (QN): the time to the millisecond, each used once.
struct HJ212Numbers: Sendable {
  private var last = Timestamp(nanoseconds: .min)

  mutating func next(at now: Timestamp, offsetSeconds: Int) -> String {
    let millisecond = Timestamp(nanoseconds: now.nanoseconds / 1_000_000 * 1_000_000)
    last = max(millisecond, last + .milliseconds(1))
    return HJ212Clock.qn(last, offsetSeconds: offsetSeconds)
  }
}
