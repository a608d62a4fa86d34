import FactoryModel

/// A site's end of a connection to a monitoring centre: uploads with resends, and what the centre
/// asks for.
///
/// Bytes and the time go in; bytes to send and the outcome of each upload come out. Uploads wait in
/// a queue; at most `window` packets are on their way without an answer. A packet without its 9014 is
/// sent again after the answer time-out, with the same QN, and given up after the last resend. A
/// connection that breaks loses nothing: `reconnect` sends again what had no answer.
public struct HJ212Site: Sendable {
  /// How an upload ended.
  public enum Result: Hashable, Sendable {
    /// Every packet of it was answered.
    case delivered
    /// The last resend of a packet had no answer either.
    case noAnswer
  }

  /// What the centre wants; to be answered with `answer`.
  public struct Request: Hashable, Sendable {
    public var qn: String
    public var request: HJ212Request
  }

  private struct Packet: Sendable {
    var upload: Int
    var qn: String
    var bytes: [UInt8]
    var resends = 0
    var deadline: Timestamp?
  }

  let address: HJ212Address
  let settings: HJ212Settings
  private let window: Int
  private let checksum = HJ212Checksum.shared
  private var stream: HJ212Stream
  private var decoder: HJ212Decoder
  private var numbers = HJ212Numbers()
  private var packets: [Packet] = []
  private var uploads: [Int: (upload: HJ212Upload, packets: Int)] = [:]
  private var uploadCount = 0
  private var outcomes: [(upload: HJ212Upload, result: Result)] = []
  private var requests: [Request] = []
  private var answers: [UInt8] = []

  /// A site with nothing to send. `window` is 1 or more; 1 sends packet by packet.
  public init(address: HJ212Address, settings: HJ212Settings = HJ212Settings(), window: Int = 8) {
    precondition(window >= 1, "a window of \(window) packets")
    self.address = address
    self.settings = settings
    self.window = window
    stream = HJ212Stream(settings: settings)
    decoder = HJ212Decoder(settings: settings)
  }

  /// Uploads that are not yet answered or given up.
  public var waiting: Int { uploads.count }

  /// When `advance` wants to be called, nil when nothing waits.
  public var deadline: Timestamp? {
    ([stream.deadline] + packets.prefix(window).map(\.deadline)).compactMap { $0 }.min()
  }

  /// Puts an upload at the end of the queue; `advance` sends it.
  public mutating func upload(_ upload: HJ212Upload, at now: Timestamp) {
    let areas = upload.dataAreas(offsetSeconds: settings.zoneOffsetSeconds)
    for (place, data) in areas.enumerated() {
      let qn = numbers.next(at: now, offsetSeconds: settings.zoneOffsetSeconds)
      let bytes = message(
        upload.kind.rawValue, qn: qn, data, part: (place + 1, areas.count), wantsAnswer: true)
      packets.append(Packet(upload: uploadCount, qn: qn, bytes: bytes))
    }
    uploads[uploadCount] = (upload, areas.count)
    uploadCount += 1
  }

  /// Takes bytes that arrived, and gives the bytes to send.
  public mutating func receive(_ chunk: [UInt8], at now: Timestamp) -> [UInt8] {
    for (event, segment) in stream.read(chunk, at: now) {
      if case .packet = event { take(segment) }
    }
    return advance(to: now)
  }

  /// Gives the bytes that it is time to send: first ones while the window has room, and resends.
  public mutating func advance(to now: Timestamp) -> [UInt8] {
    var output = answers
    answers.removeAll()
    if let deadline = stream.deadline, now >= deadline { _ = stream.read([], at: now) }
    for packet in packets.prefix(window)
    where packet.resends == settings.resends && (packet.deadline.map { now >= $0 } ?? false) {
      end(packet.upload, .noAnswer)
    }
    for place in packets.indices.prefix(window) {
      if let deadline = packets[place].deadline {
        guard now >= deadline else { continue }
        packets[place].resends += 1
      }
      packets[place].deadline = now + settings.answerTimeout
      output += packets[place].bytes
    }
    return output
  }

  /// A new connection stands: what had no answer on the one before is sent anew.
  public mutating func reconnect(at now: Timestamp) -> [UInt8] {
    stream = HJ212Stream(settings: settings)
    answers.removeAll()
    requests.removeAll()
    for place in packets.indices {
      packets[place].resends = 0
      packets[place].deadline = nil
    }
    return advance(to: now)
  }

  /// Uploads that have come to an end since the last call, in that order.
  public mutating func takeOutcomes() -> [(upload: HJ212Upload, result: Result)] {
    defer { outcomes.removeAll() }
    return outcomes
  }

  /// What the centre has asked for since the last call.
  public mutating func takeRequests() -> [Request] {
    defer { requests.removeAll() }
    return requests
  }

  /// Carries out a request: its data, which is not answered, and how it went.
  /// - Parameter code: `ExeRtn`; nil means done (1), or no data (100) where there is none to send.
  public func answer(
    _ request: Request, with uploads: [HJ212Upload], code: Int? = nil
  ) -> [UInt8] {
    var output: [UInt8] = []
    for upload in uploads {
      let areas = upload.dataAreas(offsetSeconds: settings.zoneOffsetSeconds)
      for (place, data) in areas.enumerated() {
        output += message(
          upload.kind.rawValue, qn: request.qn, data, part: (place + 1, areas.count),
          wantsAnswer: false)
      }
    }
    return output + reply(9_012, qn: request.qn, "ExeRtn=\(code ?? (uploads.isEmpty ? 100 : 1))")
  }

  private mutating func end(_ upload: Int, _ result: Result) {
    guard let ended = uploads.removeValue(forKey: upload) else { return }
    packets.removeAll { $0.upload == upload }
    outcomes.append((ended.upload, result))
  }

  private mutating func take(_ segment: [UInt8]) {
    let bytes = segment.span
    do throws(HJ212Damage) {
      try decoder.scanHeader(bytes, segment.indices)
      try decoder.scanData(bytes, decoder.header.dataArea)
    } catch { return }
    let header = decoder.header
    let qn = decoder.text(bytes, header.qn ?? decoder.field(.qn)?.valueRange ?? 0..<0)
    switch header.commandNumber {
    case 9_013, 9_014: acknowledged(qn)
    case 9_011, 9_012: break
    default: asked(bytes, qn)
    }
  }

  private mutating func acknowledged(_ qn: String) {
    guard let place = packets.firstIndex(where: { $0.qn == qn && $0.deadline != nil }) else {
      return
    }
    let upload = packets.remove(at: place).upload
    uploads[upload]?.packets -= 1
    if uploads[upload]?.packets == 0 { end(upload, .delivered) }
  }

  /// Answers a request with 9011, and keeps it if it is one that can be carried out.
  private mutating func asked(_ bytes: Span<UInt8>, _ qn: String) {
    let header = decoder.header
    let request = request(bytes)
    let code: Int
    if decoder.text(bytes, header.site) != address.site {
      code = 4
    } else if let password = header.password, decoder.text(bytes, password) != address.password {
      code = 3
    } else {
      code = request == nil ? 8 : 1
    }
    if header.flag & 1 == 1 { answers += reply(9_011, qn: qn, "QnRtn=\(code)") }
    if code == 1, let request, requests.count < 100 {
      requests.append(Request(qn: qn, request: request))
    }
  }

  private func request(_ bytes: Span<UInt8>) -> HJ212Request? {
    func time(_ key: String) -> Timestamp? {
      guard let field = decoder.fields.first(where: { decoder.text(bytes, $0.keyRange) == key })
      else { return nil }
      return HJ212Clock.read(
        bytes, field.valueRange, offsetSeconds: settings.zoneOffsetSeconds)
    }
    if decoder.header.commandNumber == 2_011 { return .current }
    if decoder.header.commandNumber == 1_012 { return time("SystemTime").map { .setTime($0) } }
    guard let from = time("BeginTime"), let to = time("EndTime") else { return nil }
    switch decoder.header.commandNumber {
    case 2_051: return .minutes(from: from, to: to)
    case 2_061: return .hours(from: from, to: to)
    case 2_031: return .days(from: from, to: to)
    default: return nil
    }
  }

  private func reply(_ commandNumber: Int, qn: String, _ data: String) -> [UInt8] {
    HJ212Message(
      qn: qn, station: "91", commandNumber: commandNumber, password: address.password,
      site: address.site, flag: 4, data: data
    ).encoded(checksum, settings.checksum)
  }

  private func message(
    _ commandNumber: Int, qn: String, _ data: String, part: (number: Int, count: Int),
    wantsAnswer: Bool
  ) -> [UInt8] {
    let isSplit = part.count > 1
    // 4: version 2017; 1: an answer is wanted; 2: one of several parts.
    return HJ212Message(
      qn: qn, station: address.station, commandNumber: commandNumber, password: address.password,
      site: address.site, flag: 4 + (wantsAnswer ? 1 : 0) + (isSplit ? 2 : 0),
      part: isSplit ? part : nil, data: data
    ).encoded(checksum, settings.checksum)
  }
}
