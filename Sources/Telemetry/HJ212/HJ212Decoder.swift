import FactoryModel

/// From data segments to samples.
///
/// The field `X-Rtd` of a real-time upload of site M is the signal `hj212.X-Rtd{mn=M}`. Values of a
/// period carry the tag `period` (`minute`, `hour`, `day`), values of a command without a name of
/// its own the tag `cn`, so that a minute's mean and a day's never mix. The time is DataTime as it
/// stands in the packet: the moment of a real-time value, the start of a period.
struct HJ212Decoder: Sendable {
  var settings: HJ212Settings
  var counts = HJ212Counts()
  private var scanner = HJ212Scanner()
  private var cache = HJ212SignalCache()

  init(settings: HJ212Settings) {
    self.settings = settings
  }

  /// The items before the data area of the packet that was last read.
  var header: HJ212Header { scanner.header }
  /// The fields of the data area that was last read.
  var fields: [HJ212Field] { scanner.fields }

  /// Reads the items before the data area.
  mutating func scanHeader(
    _ bytes: Span<UInt8>, _ segment: Range<Int>
  ) throws(HJ212Damage) {
    try scanner.scanHeader(bytes, segment, &counts)
    if segment.count > 1_024 { counts.add(.longSegment) }
  }

  /// Reads a data area.
  mutating func scanData(_ bytes: Span<UInt8>, _ area: Range<Int>) throws(HJ212Damage) {
    try scanner.scanData(bytes, area, &counts)
    if header.qn == nil, field(.qn) != nil { counts.add(.qnInData) }
  }

  /// The place of the first field that begins at or behind a byte.
  func firstField(from byte: Int) -> Int {
    fields.firstIndex { $0.keyStart >= byte } ?? fields.count
  }

  /// The first field that is of a kind.
  func field(_ kind: HJ212Field.Kind) -> HJ212Field? {
    for field in scanner.fields where field.kind == kind { return field }
    return nil
  }

  /// The DataTime of the fields, nil without one.
  func dataTime(_ bytes: Span<UInt8>) throws(HJ212Damage) -> Timestamp? {
    guard let field = field(.dataTime) else { return nil }
    let offset = settings.zoneOffsetSeconds
    guard let time = HJ212Clock.read(bytes, field.valueRange, offsetSeconds: offset) else {
      throw .badValue(.dataTime)
    }
    return time
  }

  /// The site's number, by which `addSamples` knows it; nil when there are too many.
  mutating func admittedSite(_ bytes: Span<UInt8>) throws(HJ212Damage) -> Int32? {
    if let sites = settings.sites {
      let name = text(bytes, scanner.header.site)
      let given = text(bytes, scanner.header.password ?? 0..<0)
      guard let password = sites[name], password == nil || password == given else {
        throw .stranger(site: name)
      }
    }
    guard cache.siteCount < settings.mostSignals else {
      counts.signalsRefused += 1
      return nil
    }
    return cache.site(bytes, scanner.header.site)
  }

  /// Adds the samples of the fields from place `first` on.
  mutating func addSamples(
    _ bytes: Span<UInt8>, from first: Int = 0, site: Int32, commandNumber: Int, time: Timestamp,
    signals: inout SignalTable, into batch: inout SampleBatch
  ) {
    let context = HJ212SignalCache.Context(site: site, commandNumber: Int32(commandNumber))
    let fields = scanner.fields
    let before = batch.count
    var start = first
    while start < fields.count {
      // Fields of one factor that follow each other share its data flag.
      var end = start
      var quality = Quality.good
      var hasFlag = false
      repeat {
        if fields[end].kind == .dataFlag {
          quality = max(quality, dataFlag(bytes, fields[end]))
          hasFlag = true
        }
        end += 1
      } while end < fields.count && Self.sameFactor(fields[start], fields[end], bytes)
      if hasFlag, end - start == 1 { counts.add(.strayDataFlag) }
      for place in start..<end {
        guard let signal = signal(bytes, fields[place], context, &signals) else { continue }
        batch.append(
          signal, time: time.nanoseconds, value: fields[place].number, quality: quality)
      }
      start = end
    }
    counts.samples += batch.count - before
  }

  /// The signal of a field that is a number, nil for the others, which are counted.
  @inline(__always)
  private mutating func signal(
    _ bytes: Span<UInt8>, _ field: HJ212Field, _ context: HJ212SignalCache.Context,
    _ signals: inout SignalTable
  ) -> SignalID? {
    switch field.kind {
    case .number where field.dash >= 0:
      let known = cache.find(field, in: context, bytes)
      if let known, known >= 0 { return SignalID(index: known) }
      return known == nil ? learn(bytes, field, context, &signals) : nil
    case .number: counts.plainNumbers += 1
    case .text: counts.texts += 1
    case .sampleTime: counts.sampleTimes += 1
    case .dataFlag, .dataTime, .qn, .partCount, .partNumber: break
    }
    return nil
  }

  private mutating func learn(
    _ bytes: Span<UInt8>, _ field: HJ212Field, _ context: HJ212SignalCache.Context,
    _ signals: inout SignalTable
  ) -> SignalID? {
    guard cache.count < settings.mostSignals else {
      counts.signalsRefused += 1
      return nil
    }
    let key = text(bytes, field.keyRange)
    // These would end a signal's path.
    guard !key.contains(where: { "{}\\".contains($0) }) else {
      cache.learn(nil, for: field, in: context, bytes)
      return nil
    }
    var tags = [SignalName.Tag("mn", cache.name(ofSite: context.site))]
    switch context.commandNumber {
    case 2011, 2021: break
    case 2051: tags.append(.init("period", "minute"))
    case 2061: tags.append(.init("period", "hour"))
    case 2031, 2041: tags.append(.init("period", "day"))
    default: tags.append(.init("cn", String(context.commandNumber)))
    }
    let id = signals.id(of: SignalName(measurement: "hj212", field: key, tags: tags))
    cache.learn(id, for: field, in: context, bytes)
    return id
  }

  /// What a data flag says of its values.
  ///
  /// N is good. S (put in by hand) and T (above the range) are uncertain: there is a number to
  /// judge. F (instrument stopped), M (maintenance), D (fault), C (calibrating), B (link lost) and P
  /// (no power, 2005) are bad: the number is not the stack's. An unknown flag is uncertain.
  private mutating func dataFlag(_ bytes: Span<UInt8>, _ field: HJ212Field) -> Quality {
    guard field.valueEnd - field.valueStart == 1 else {
      if field.valueEnd > field.valueStart { counts.add(.unknownDataFlag) }
      return field.valueEnd > field.valueStart ? .uncertain : .good
    }
    var flag = bytes[Int(field.valueStart)]
    if (97...122).contains(flag) {
      counts.add(.lowerCaseDataFlag)
      flag -= 32
    }
    switch flag {
    case UInt8(ascii: "N"): return .good
    case UInt8(ascii: "S"), UInt8(ascii: "T"): return .uncertain
    case UInt8(ascii: "F"), UInt8(ascii: "M"), UInt8(ascii: "D"), UInt8(ascii: "C"),
      UInt8(ascii: "B"), UInt8(ascii: "P"):
      return .bad
    default:
      counts.add(.unknownDataFlag)
      return .uncertain
    }
  }

  private static func sameFactor(
    _ left: HJ212Field, _ right: HJ212Field, _ bytes: Span<UInt8>
  ) -> Bool {
    let count = left.factorCount
    guard count > 0, right.factorCount == count, left.factorLow == right.factorLow else {
      return false
    }
    guard count > 8 else { return true }
    for offset in 0..<Int(count) - 8
    where bytes[Int(left.keyStart) + offset] != bytes[Int(right.keyStart) + offset] {
      return false
    }
    return true
  }

  /// Bytes as text; what is no UTF-8 is replaced.
  func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    String(decoding: range.map { bytes[$0] }, as: UTF8.self)
  }
}
