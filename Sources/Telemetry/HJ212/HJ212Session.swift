import FactoryModel

/// One logger at the other end, seen from the centre: packets in, samples and answers out.
struct HJ212Session: Sendable {
  var decoder: HJ212Decoder
  var requests: HJ212Requests
  /// Bytes to send.
  var output: [UInt8] = []
  /// The sites that have spoken, in the order in which they began, by the decoder's number.
  private(set) var sites: [HJ212Address] = []
  /// The last damages, for the log.
  var damages: [HJ212Damage] = []
  private var parts = HJ212Parts()
  private let checksum = HJ212Checksum.shared
  private let mostDamagesKept = 16

  init(settings: HJ212Settings) {
    decoder = HJ212Decoder(settings: settings)
    requests = HJ212Requests(settings: settings)
  }

  /// When held parts are given up, nil without any.
  var deadline: Timestamp? { parts.oldest.map { $0 + decoder.settings.packetTimeout } }

  /// Takes what the stream found; says whether it is well formed.
  mutating func take(
    _ bytes: Span<UInt8>, _ event: HJ212Stream.Event, at now: Timestamp,
    signals: inout SignalTable, into batch: inout SampleBatch
  ) -> Bool {
    switch event {
    case .damaged(let damage):
      note(damage)
      return true
    case .packet(let segment, let isModbus):
      do throws(HJ212Damage) {
        try takePacket(bytes, segment, at: now, signals: &signals, into: &batch)
      } catch {
        note(error)
        return error.reason == .stranger
      }
      decoder.counts.packets += 1
      if isModbus { decoder.counts.add(.modbusChecksumTaken) }
      return true
    }
  }

  /// Gives up parts that have waited too long, recording what of them reads.
  mutating func expireParts(
    at now: Timestamp, signals: inout SignalTable, into batch: inout SampleBatch
  ) {
    for group in parts.expire(begunBy: now - decoder.settings.packetTimeout) {
      finish(group, at: now, signals: &signals, into: &batch)
    }
  }

  private mutating func note(_ damage: HJ212Damage) {
    decoder.counts.add(damage)
    if damages.count < mostDamagesKept { damages.append(damage) }
  }

  private mutating func takePacket(
    _ bytes: Span<UInt8>, _ segment: Range<Int>, at now: Timestamp, signals: inout SignalTable,
    into batch: inout SampleBatch
  ) throws(HJ212Damage) {
    try decoder.scanHeader(bytes, segment)
    let header = decoder.header
    if (9_011...9_014).contains(header.commandNumber) {
      try decoder.scanData(bytes, header.dataArea)
      requests.take(answer(bytes), at: now)
      return
    }
    if requests.isWaiting, let qn = header.qn {
      requests.heard(
        decoder.text(bytes, header.dataArea), qn: decoder.text(bytes, qn), at: now)
    }
    if let count = header.partCount, let number = header.partNumber, count > 1,
      (1...count).contains(number)
    {
      guard let site = try admittedSite(bytes) else { return }
      try takePart(
        bytes, number: number, of: count, site: site, at: now, signals: &signals, into: &batch)
    } else {
      try decoder.scanData(bytes, header.dataArea)
      let time = try moment(bytes, at: now)
      guard let site = try admittedSite(bytes) else { return }
      decoder.addSamples(
        bytes, site: site, commandNumber: header.commandNumber, time: time, signals: &signals,
        into: &batch)
    }
    if decoder.header.flag & 1 != 0 { acknowledge(bytes) }
  }

  /// The number of the packet's site, nil when there are too many; a new one is remembered with the
  /// kind and password it came with.
  private mutating func admittedSite(_ bytes: Span<UInt8>) throws(HJ212Damage) -> Int32? {
    guard let site = try decoder.admittedSite(bytes) else { return nil }
    if Int(site) == sites.count {
      let header = decoder.header
      var address = HJ212Address(site: decoder.text(bytes, header.site))
      if let station = header.station { address.station = decoder.text(bytes, station) }
      if let password = header.password { address.password = decoder.text(bytes, password) }
      sites.append(address)
    }
    return site
  }

  /// DataTime, or what stands in for it.
  private mutating func moment(
    _ bytes: Span<UInt8>, at now: Timestamp
  ) throws(HJ212Damage) -> Timestamp {
    if let time = try decoder.dataTime(bytes) { return time }
    decoder.counts.add(.noDataTime)
    guard let qn = decoder.header.qn ?? decoder.field(.qn)?.valueRange else { return now }
    let offset = decoder.settings.zoneOffsetSeconds
    return HJ212Clock.read(bytes, qn, offsetSeconds: offset) ?? now
  }

  private mutating func takePart(
    _ bytes: Span<UInt8>, number: Int, of count: Int, site: Int32, at now: Timestamp,
    signals: inout SignalTable, into batch: inout SampleBatch
  ) throws(HJ212Damage) {
    let header = decoder.header
    var isWhole = true
    do { try decoder.scanData(bytes, header.dataArea) } catch { isWhole = false }
    let time = try decoder.dataTime(bytes)
    if isWhole, let time {
      decoder.addSamples(
        bytes, site: site, commandNumber: header.commandNumber, time: time, signals: &signals,
        into: &batch)
    }
    let key = HJ212Parts.Key(
      site: site, commandNumber: header.commandNumber, partCount: count,
      qn: (header.qn ?? 0..<0).map { bytes[$0] }, dataTime: time)
    let part = HJ212Parts.Part(
      text: header.dataArea.map { bytes[$0] }, beginsRecord: time != nil,
      isRecorded: isWhole && time != nil)
    for group in parts.add(part, number: number, key: key, at: now) {
      finish(group, at: now, signals: &signals, into: &batch)
    }
  }

  /// Records what the parts of a group say together.
  private mutating func finish(
    _ group: HJ212Parts.Group, at now: Timestamp, signals: inout SignalTable,
    into batch: inout SampleBatch
  ) {
    let (records, isBroken) = HJ212Parts.records(of: group)
    var hasDamage = isBroken
    for record in records {
      do throws(HJ212Damage) {
        let text = record.text.span
        try decoder.scanData(text, 0..<text.count)
        guard let time = try decoder.dataTime(text) else { throw .missingItem(.dataTime) }
        decoder.addSamples(
          text, from: decoder.firstField(from: record.newFrom), site: group.key.site,
          commandNumber: group.key.commandNumber, time: time, signals: &signals, into: &batch)
      } catch {
        hasDamage = true
      }
    }
    if hasDamage { note(.brokenParts(missing: group.missing)) }
  }

  private func answer(_ bytes: Span<UInt8>) -> HJ212Requests.Answer {
    let header = decoder.header
    let qn = header.qn ?? decoder.field(.qn)?.valueRange ?? 0..<0
    var code: Int?
    for field in decoder.fields {
      let key = decoder.text(bytes, field.keyRange)
      if key == "QnRtn" || key == "ExeRtn" { code = Int(exactly: field.number.rounded()) }
    }
    return HJ212Requests.Answer(
      commandNumber: header.commandNumber, qn: decoder.text(bytes, qn), code: code)
  }

  /// Writes the answer to an upload (9014) or a notice (9013), with the QN, PW and MN it came with.
  private mutating func acknowledge(_ bytes: Span<UInt8>) {
    let header = decoder.header
    let isNotice = (1_000...1_999).contains(header.commandNumber)
    let qnInData = header.qn == nil ? decoder.field(.qn)?.valueRange : nil
    var segment: [UInt8] = []
    segment.reserveCapacity(128)
    func append(_ key: String, _ range: Range<Int>) {
      segment += key.utf8
      for at in range { segment.append(bytes[at]) }
    }
    if let qn = header.qn {
      append("QN=", qn)
      segment += ";".utf8
    }
    segment += (isNotice ? "ST=91;CN=9013" : "ST=91;CN=9014").utf8
    if let password = header.password { append(";PW=", password) }
    append(";MN=", header.site)
    // The version's bits alone: neither an answer is wanted nor is the packet split.
    segment += ";Flag=\(header.flag & ~3);CP=&&".utf8
    if let qnInData { append("QN=", qnInData) }
    segment += "&&".utf8
    HJ212Message.append(segment, to: &output, checksum, answerRule)
  }

  private var answerRule: HJ212Settings.ChecksumRule {
    decoder.settings.checksum == .modbus ? .modbus : .standard
  }
}
