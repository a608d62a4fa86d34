import FactoryModel

/// What the columns of a table mean.
struct CSVHeading: Sendable {
  enum Role: Hashable, Sendable {
    case time
    /// The date whose time of day stands in the time column.
    case date
    case quality
    /// The tag of this key.
    case tag(String)
    /// The name of the row's signal, whose value stands in `value`.
    case signal
    case value
    /// A reading of a signal, which the row's tags add to.
    case reading(SignalName)
    case ignored
  }

  let separator: UInt8
  let columns: [String]
  let roles: [Role]

  /// - Parameter line: the first line, without a byte order mark.
  init(_ line: ArraySlice<UInt8>, _ settings: CSVSettings) throws(CSVHeadingError) {
    separator = try Self.separator(line, settings)
    guard let cells = CSVCells.split(line, at: separator) else { throw .unendedQuote }
    var names: [String] = []
    for (place, cell) in cells.enumerated() {
      guard let name = String(validating: cell, as: UTF8.self) else { throw .notUTF8 }
      names.append(name.isEmpty ? "column\(place + 1)" : name)
    }
    for (place, name) in names.enumerated() where names[..<place].contains(name) {
      throw .repeated(name)
    }
    columns = names
    roles = try Self.roles(names, settings)
  }

  private static func separator(
    _ line: ArraySlice<UInt8>, _ settings: CSVSettings
  ) throws(CSVHeadingError) -> UInt8 {
    if let character = settings.separator {
      guard let byte = character.asciiValue else { throw .separator(String(character)) }
      return byte
    }
    let counts = ",;\t".utf8.map { mark in (line.count { $0 == mark }, mark) }
    let most = counts.map(\.0).max() ?? 0
    return counts.first { $0.0 == most }?.1 ?? UInt8(ascii: ",")
  }

  private static func roles(
    _ names: [String], _ settings: CSVSettings
  ) throws(CSVHeadingError) -> [Role] {
    for name in settings.tagColumns + settings.ignoredColumns where !names.contains(name) {
      throw .noColumn(name, columns: names)
    }
    let plain = names.map { $0.lowercased() }
    let isList = plain.contains("signal") && plain.contains("value")
    let timeRoles = try timeRoles(names, plain, settings)
    let roles = zip(names, plain).enumerated().map { place, name -> Role in
      if let role = timeRoles[place] { return role }
      if settings.ignoredColumns.contains(name.0) { return .ignored }
      if settings.tagColumns.contains(name.0) { return .tag(name.0) }
      if name.1 == "quality" { return .quality }
      if isList { return name.1 == "signal" ? .signal : name.1 == "value" ? .value : .ignored }
      let path = "\(settings.measurement).\(name.0)"
      let named = path.contains("{") ? (try? SignalPattern(path))?.name : nil
      return .reading(named ?? SignalName(path: path))
    }
    let hasReading = roles.contains { role in
      if case .reading = role { return true }
      return role == .value
    }
    guard hasReading else { throw .noReadings(columns: names) }
    return roles
  }

  /// The columns of the time, by their places.
  private static func timeRoles(
    _ names: [String], _ plain: [String], _ settings: CSVSettings
  ) throws(CSVHeadingError) -> [Int: Role] {
    guard case .column(let wanted) = settings.times else { return [:] }
    if let wanted {
      guard let place = names.firstIndex(of: wanted) else {
        throw .noColumn(wanted, columns: names)
      }
      return [place: .time]
    }
    if let date = plain.firstIndex(of: "date"), let time = plain.firstIndex(of: "time") {
      return [date: .date, time: .time]
    }
    let known = ["time", "timestamp", "datetime", "date_time", "date time", "_time", "ts", "date"]
    for name in known {
      if let place = plain.firstIndex(of: name) { return [place: .time] }
    }
    throw .noTime(columns: names)
  }
}
