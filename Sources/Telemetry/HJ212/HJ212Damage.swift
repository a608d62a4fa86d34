/// Why a packet was refused. A refused packet gets no answer and closes no connection.
public enum HJ212Damage: Error, Hashable, Sendable, CustomStringConvertible {
  /// The four characters after `##` are not digits.
  case lengthNotDigits
  /// The length is more than the settings allow.
  case tooLong(claimed: Int, allowed: Int)
  /// No checksum stands where the length says that the segment ends.
  case wrongLength(claimed: Int)
  /// The checksum is another one than the segment's.
  case wrongChecksum(found: UInt16, expected: UInt16)
  /// The checksum is CRC-16/Modbus, which the settings do not accept.
  case modbusChecksum(found: UInt16, expected: UInt16)
  /// The packet did not arrive in time.
  case timedOut(claimed: Int, arrived: Int)
  /// The data area does not stand between `CP=&&` and `&&` at the segment's end.
  case noFences
  /// An item is not `key=value`; the place counts bytes of the segment.
  case badItem(at: Int)
  /// A header item that every packet needs is not there.
  case missingItem(HJ212Item)
  /// A header item or the data time cannot be read.
  case badValue(HJ212Item)
  /// Parts of a split packet that make no sense together.
  case brokenParts(missing: Int)
  /// The site is not among those that are heard, or gave another password.
  case stranger(site: String)

  /// One word for each case, by which the refused are counted.
  public enum Reason: String, Hashable, Sendable, CaseIterable {
    case lengthNotDigits, tooLong, wrongLength, wrongChecksum, modbusChecksum, timedOut, noFences
    case badItem, missingItem, badValue, brokenParts, stranger
  }

  public var reason: Reason {
    switch self {
    case .lengthNotDigits: .lengthNotDigits
    case .tooLong: .tooLong
    case .wrongLength: .wrongLength
    case .wrongChecksum: .wrongChecksum
    case .modbusChecksum: .modbusChecksum
    case .timedOut: .timedOut
    case .noFences: .noFences
    case .badItem: .badItem
    case .missingItem: .missingItem
    case .badValue: .badValue
    case .brokenParts: .brokenParts
    case .stranger: .stranger
    }
  }

  public var description: String {
    switch self {
    case .lengthNotDigits: "HJ 212 packet: the length after ## is not four digits"
    case .tooLong(let claimed, let allowed):
      "HJ 212 packet: the length says \(claimed) bytes, at most \(allowed) are taken; "
        + "raise the longest segment if the logger means it"
    case .wrongLength(let claimed):
      "HJ 212 packet: the length says \(claimed) bytes, but no checksum stands there; "
        + "have the logger count the bytes from the first letter to the closing &&"
    case .wrongChecksum(let found, let expected):
      "HJ 212 packet: checksum \(Self.hex(found)) found, \(Self.hex(expected)) expected; "
        + "look at the line or the logger's CRC"
    case .modbusChecksum(let found, let expected):
      "HJ 212 packet: Modbus checksum \(Self.hex(found)) found, \(Self.hex(expected)) expected; "
        + "set crc: both if the logger cannot be mended"
    case .timedOut(let claimed, let arrived):
      "HJ 212 packet: \(arrived) of \(claimed) bytes arrived before the time-out"
    case .noFences: "HJ 212 packet: no data area between CP=&& and && at the end"
    case .badItem(let place): "HJ 212 packet: byte \(place): not an item of the form key=value"
    case .missingItem(let item): "HJ 212 packet: no \(item.rawValue)"
    case .badValue(let item): "HJ 212 packet: \(item.rawValue) cannot be read"
    case .stranger(let site):
      "HJ 212 packet: \(site.shortened) is not among the loggers that are heard, or has another "
        + "password; name it with its password under hj212: loggers"
    case .brokenParts(let missing):
      "HJ 212 split packet: \(missing) parts did not arrive, and the others do not read alone"
    }
  }

  private static func hex(_ value: UInt16) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}

/// Items of a packet that are named in messages.
public enum HJ212Item: String, Hashable, Sendable, CaseIterable {
  case commandNumber = "CN"
  case site = "MN"
  case dataArea = "CP"
  case flag = "Flag"
  case partCount = "PNUM"
  case partNumber = "PNO"
  case dataTime = "DataTime"
}

/// A departure from the standard that is read all the same, and counted.
public enum HJ212Tolerance: Int, Hashable, Sendable, CaseIterable {
  case noFlag, noQN, noStation, noPassword
  /// `FLAG=` for `Flag=`.
  case capitalFlag
  case unknownHeaderItem
  case blankAroundValue
  /// PNO before PNUM.
  case partsReversed
  /// Flag announces PNUM and PNO, which are not there.
  case noParts
  /// `;` or `,` with nothing before the next one or the closing `&&`.
  case emptyItem
  case lowerCaseDataFlag
  /// A data flag that the standard does not know; its values are uncertain.
  case unknownDataFlag
  /// A data flag for a factor without a value before it.
  case strayDataFlag
  /// QN in the data area, as 2005 peers write it.
  case qnInData
  /// A data segment of more than 1024 bytes.
  case longSegment
  case modbusChecksumTaken
  /// An upload without DataTime; QN or the time of arrival stands in.
  case noDataTime
}

/// What a receiver has seen; every number only grows.
public struct HJ212Counts: Hashable, Sendable {
  /// Packets that were taken.
  public var packets = 0
  public var samples = 0
  /// Fields left out because they are no number.
  public var texts = 0
  /// Numbers left out because the item is not of the form `factor-field`.
  public var plainNumbers = 0
  /// `X-SampleTime` fields, which say when an analyser last measured.
  public var sampleTimes = 0
  /// Bytes outside of packets, line ends not counted.
  public var strayBytes = 0
  /// Values left out because the connection had brought up its most signals, or its most sites.
  public var signalsRefused = 0
  private var damages = [Int](repeating: 0, count: HJ212Damage.Reason.allCases.count)
  private var tolerances = [Int](repeating: 0, count: HJ212Tolerance.allCases.count)

  /// All zero.
  public init() {}

  /// How many packets were refused for a reason.
  public subscript(reason: HJ212Damage.Reason) -> Int {
    damages[HJ212Damage.Reason.allCases.firstIndex(of: reason) ?? 0]
  }

  /// How often a departure from the standard was met.
  public subscript(tolerance: HJ212Tolerance) -> Int { tolerances[tolerance.rawValue] }

  /// Packets refused, for whatever reason.
  public var refused: Int { damages.reduce(0, +) }

  mutating func add(_ damage: HJ212Damage) {
    damages[HJ212Damage.Reason.allCases.firstIndex(of: damage.reason) ?? 0] += 1
  }

  mutating func add(_ tolerance: HJ212Tolerance) { tolerances[tolerance.rawValue] += 1 }
}
