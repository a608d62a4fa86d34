/// One `key=value` of a data area, located but not copied.
struct HJ212Field: Sendable {
  enum Kind: UInt8, Sendable {
    case number, text, dataFlag, sampleTime, dataTime, qn, partCount, partNumber
  }

  /// The key's last 16 bytes, first byte highest; a shorter key has zeros above.
  var keyHigh: UInt64 = 0
  var keyLow: UInt64 = 0
  /// The last 8 bytes of what precedes the last `-`, the factor.
  var factorLow: UInt64 = 0
  var keyStart: Int32 = 0
  /// The place of the last `-` of the key, -1 without one.
  var dash: Int32 = -1
  var keyEnd: Int32 = 0
  var valueStart: Int32 = 0
  var valueEnd: Int32 = 0
  var kind = Kind.text
  /// Whether the field begins an item: first, or after `;`.
  var beginsItem = false
  /// NaN for what is no number.
  var number = Double.nan

  /// Bytes of the factor, 0 without one.
  var factorCount: Int32 { dash < 0 ? 0 : dash - keyStart }
  var keyRange: Range<Int> { Int(keyStart)..<Int(keyEnd) }
  var valueRange: Range<Int> { Int(valueStart)..<Int(valueEnd) }

  /// What the key says the value is; `.text` where the value decides.
  var namedKind: Kind {
    if dash < 0 {
      guard keyHigh == 0 else { return .text }
      switch keyLow {
      case Self.dataTime: return .dataTime
      case Self.qn: return .qn
      case Self.partCount: return .partCount
      case Self.partNumber: return .partNumber
      default: return .text
      }
    }
    // Setting bit 5 makes letters small; `-` has it set.
    if (keyLow | 0x20_2020_2020) & 0xFF_FFFF_FFFF == Self.flagSuffix { return .dataFlag }
    if keyEnd - dash == 11, keyLow == Self.sampleTimeSuffix { return .sampleTime }
    return .text
  }

  private static var dataTime: UInt64 { 0x4461_7461_5469_6D65 }  // DataTime
  private static var qn: UInt64 { 0x514E }  // QN
  private static var partCount: UInt64 { 0x504E_554D }  // PNUM
  private static var partNumber: UInt64 { 0x504E_4F }  // PNO
  private static var flagSuffix: UInt64 { 0x2D_666C_6167 }  // -flag
  private static var sampleTimeSuffix: UInt64 { 0x6D70_6C65_5469_6D65 }  // mpleTime
}

/// The items before the data area, located but not copied.
struct HJ212Header: Sendable {
  var qn: Range<Int>?
  var station: Range<Int>?
  var commandNumber = 0
  var password: Range<Int>?
  var site: Range<Int> = 0..<0
  /// 0 without one.
  var flag = 0
  /// PNUM and PNO, nil for a packet that is not split.
  var partCount: Int?
  var partNumber: Int?
  /// What stands between the fences.
  var dataArea: Range<Int> = 0..<0
  /// Whether QN stood in the data area, as 2005 peers write it.
  var hasQNInData = false
}
