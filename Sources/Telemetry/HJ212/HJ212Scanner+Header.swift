/// The standard's keys have at most four letters.
private let longestKey = 64

extension HJ212Scanner {
  /// The header items a packet may have, by their key.
  private enum HeaderKey {
    case qn, station, commandNumber, password, site, flag, partCount, partNumber, dataArea, unknown
  }

  /// Reads the items up to the data area, and checks both fences.
  mutating func scanHeader(
    _ bytes: Span<UInt8>, _ segment: Range<Int>, _ counts: inout HJ212Counts
  ) throws(HJ212Damage) {
    var seen = HJ212Header()
    var (hasCommand, hasSite, hasFlag) = (false, false, false)
    var at = segment.lowerBound
    while true {
      let keyStart = at
      while at < segment.upperBound, bytes[at] != UInt8(ascii: "=") {
        guard bytes[at] &- 33 < 94, bytes[at] != UInt8(ascii: ";"), at - keyStart < longestKey
        else { throw .badItem(at: at) }
        at += 1
      }
      guard at < segment.upperBound else { throw .noFences }
      let key = Self.headerKey(bytes, keyStart..<at, &counts)
      at += 1
      if key == .dataArea { break }
      let value = try Self.headerValue(bytes, &at, segment.upperBound, &counts)
      switch key {
      case .qn: seen.qn = value
      case .station: seen.station = value
      case .password: seen.password = value
      case .commandNumber:
        seen.commandNumber = try Self.number(bytes, value, .commandNumber)
        hasCommand = true
      case .site: (seen.site, hasSite) = (value, true)
      case .flag where !value.isEmpty:
        (seen.flag, hasFlag) = (try Self.number(bytes, value, .flag), true)
      case .partCount where !value.isEmpty:
        if seen.partNumber != nil { counts.add(.partsReversed) }
        seen.partCount = try Self.number(bytes, value, .partCount)
      case .partNumber where !value.isEmpty:
        seen.partNumber = try Self.number(bytes, value, .partNumber)
      // `Flag=;` and the like say no more than a missing item.
      case .flag, .partCount, .partNumber: break
      case .dataArea, .unknown: counts.add(.unknownHeaderItem)
      }
    }
    seen.dataArea = try Self.fenced(bytes, at, segment.upperBound)
    guard hasCommand else { throw .missingItem(.commandNumber) }
    guard hasSite else { throw .missingItem(.site) }
    Self.countMissing(seen, hasFlag: hasFlag, &counts)
    header = seen
  }

  private static func countMissing(
    _ header: HJ212Header, hasFlag: Bool, _ counts: inout HJ212Counts
  ) {
    if !hasFlag { counts.add(.noFlag) }
    if header.qn == nil { counts.add(.noQN) }
    if header.station == nil { counts.add(.noStation) }
    if header.password == nil { counts.add(.noPassword) }
    if header.flag & 2 != 0, header.partCount == nil || header.partNumber == nil {
      counts.add(.noParts)
    }
  }

  private static func headerKey(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ counts: inout HJ212Counts
  ) -> HeaderKey {
    guard (2...4).contains(range.count) else { return .unknown }
    var word: UInt32 = 0
    for at in range { word = word << 8 | UInt32(bytes[at]) }
    switch word {
    case 0x514E: return .qn
    case 0x5354: return .station  // ST
    case 0x434E: return .commandNumber  // CN
    case 0x5057: return .password  // PW
    case 0x4D4E: return .site  // MN
    case 0x466C_6167: return .flag  // Flag
    case 0x464C_4147:  // FLAG
      counts.add(.capitalFlag)
      return .flag
    case 0x504E_554D: return .partCount  // PNUM
    case 0x504E_4F: return .partNumber  // PNO
    case 0x4350: return .dataArea  // CP
    default: return .unknown
    }
  }

  /// The value from `at` to the next `;`, which `at` moves behind; blanks around it left out.
  private static func headerValue(
    _ bytes: Span<UInt8>, _ at: inout Int, _ end: Int, _ counts: inout HJ212Counts
  ) throws(HJ212Damage) -> Range<Int> {
    let start = at
    while at < end, bytes[at] != UInt8(ascii: ";") {
      guard bytes[at] >= 32 else { throw .badItem(at: at) }
      at += 1
    }
    guard at < end else { throw .noFences }
    var value = start..<at
    while let first = value.first, bytes[first] == UInt8(ascii: " ") { value.removeFirst() }
    while let last = value.last, bytes[last] == UInt8(ascii: " ") { value.removeLast() }
    if value != start..<at { counts.add(.blankAroundValue) }
    at += 1
    return value
  }

  private static func number(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ item: HJ212Item
  ) throws(HJ212Damage) -> Int {
    guard let number = HJ212Decimal.whole(bytes, range) else { throw .badValue(item) }
    return number
  }

  private static func fenced(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int
  ) throws(HJ212Damage) -> Range<Int> {
    let fence = UInt8(ascii: "&")
    guard end - start >= 4, bytes[start] == fence, bytes[start + 1] == fence,
      bytes[end - 1] == fence, bytes[end - 2] == fence
    else { throw .noFences }
    return start + 2..<end - 2
  }
}
