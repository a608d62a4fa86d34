import FactoryModel

/// Values of one moment or one period that a site sends to its centre.
public struct HJ212Upload: Hashable, Sendable {
  public enum Kind: Int, Hashable, Sendable, CaseIterable {
    /// Real-time values; the time is that of sampling.
    case current = 2_011
    /// Of a period; the time is its start.
    case minute = 2_051
    case hour = 2_061
    case day = 2_031
  }

  /// The values of one factor: `a21026-Avg=12.5,a21026-Flag=N`.
  public struct Factor: Hashable, Sendable {
    /// One number.
    public struct Field: Hashable, Sendable {
      /// `Rtd`, `Avg`, `Min`, `Max`, `Cou`, `ZsAvg`, …
      public var name: String
      public var value: Double

      /// A number; it is sent with at most six decimals.
      public init(_ name: String, _ value: Double) {
        self.name = name
        self.value = value
      }
    }

    public var code: String
    public var fields: [Field]
    /// N, D, …; nil for none.
    public var flag: String?

    /// A factor's values.
    public init(code: String, fields: [Field], flag: String? = "N") {
      self.code = code
      self.fields = fields
      self.flag = flag
    }
  }

  public var kind: Kind
  public var time: Timestamp
  public var factors: [Factor]

  /// Values to send.
  public init(kind: Kind, time: Timestamp, factors: [Factor]) {
    self.kind = kind
    self.time = time
    self.factors = factors
  }

  /// The recorded values of one period, which must have one kind and start; nil for a kind that HJ
  /// 212 does not know, and where there are no numbers.
  ///
  /// The record's m³/h of flow become m³/s (`a00000`) or L/s (`w00000`) again. A mean of too few values
  /// goes with flag D.
  public init?(_ rows: [PeriodValue]) {
    guard let first = rows.first else { return nil }
    switch first.kind {
    case .minute: kind = .minute
    case .hour: kind = .hour
    case .day: kind = .day
    case .halfHour, .month: return nil
    }
    time = first.start
    factors = rows.compactMap(Self.factor)
    if factors.isEmpty { return nil }
  }

  private static func factor(_ row: PeriodValue) -> Factor? {
    guard let mean = row.mean, let dot = row.signal.path.firstIndex(of: ".") else { return nil }
    let code = String(row.signal.path[row.signal.path.index(after: dot)...])
    let perHour = code == "a00000" ? 3_600 : code == "w00000" ? 3.6 : 1
    var fields: [Factor.Field] = []
    if let minimum = row.minimum { fields.append(.init("Min", minimum / perHour)) }
    fields.append(.init("Avg", mean / perHour))
    if let maximum = row.maximum { fields.append(.init("Max", maximum / perHour)) }
    if let converted = row.converted { fields.append(.init("ZsAvg", converted)) }
    if let total = row.total { fields.append(.init("Cou", total)) }
    return Factor(code: code, fields: fields, flag: row.flag == .normal ? "N" : "D")
  }

  /// Data areas of at most 950 bytes, each with the time and whole factors; a factor that is longer
  /// alone has a data area to itself.
  func dataAreas(offsetSeconds: Int) -> [String] {
    let head = "DataTime=\(HJ212Clock.text(time, offsetSeconds: offsetSeconds))"
    var areas: [String] = []
    for item in factors.map(\.text) {
      if let open = areas.last, open.utf8.count + 1 + item.utf8.count <= 950 {
        areas[areas.count - 1] += ";" + item
      } else {
        areas.append("\(head);\(item)")
      }
    }
    return areas.isEmpty ? [head] : areas
  }
}

extension HJ212Upload.Factor {
  fileprivate var text: String {
    var items = fields.map { "\(code)-\($0.name)=\(Self.decimal($0.value))" }
    if let flag { items.append("\(code)-Flag=\(flag)") }
    return items.joined(separator: ",")
  }

  /// Without an exponent, at most six decimals.
  private static func decimal(_ value: Double) -> String {
    guard abs(value) < 1e12 else { return value < 0 ? "-999999999999" : "999999999999" }
    let millionths = Int64((abs(value) * 1e6).rounded())
    let whole = String(millionths / 1_000_000)
    let sign = value < 0 && millionths > 0 ? "-" : ""
    var fraction = String(millionths % 1_000_000 + 1_000_000).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    return fraction.isEmpty ? sign + whole : "\(sign)\(whole).\(fraction)"
  }
}
