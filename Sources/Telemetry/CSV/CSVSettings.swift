import FactoryModel

/// How a table is to be read.
public struct CSVSettings: Hashable, Sendable {
  /// Where the time of a row comes from.
  public enum Times: Hashable, Sendable {
    /// From the column of this name; nil: the one that is called time, timestamp, datetime, ts or
    /// date, or date and time together.
    case column(String?)
    /// Rows follow one another at this interval, the first at this moment.
    case every(Duration, from: Timestamp)
  }

  /// The signals' measurement: a column `temp` is the signal `measurement.temp`.
  public var measurement: String
  public var times: Times
  /// The unit of times that are numbers; nil: as their size says.
  public var precision: TimePrecision?
  /// What the clock of times without a zone is ahead of UTC.
  public var zoneOffsetSeconds: Int
  /// Columns whose cells become tags of the row's signals.
  public var tagColumns: [String]
  /// Columns that are not read.
  public var ignoredColumns: [String]
  /// Between cells; nil: comma, semicolon or tab, whichever the heading has most.
  public var separator: Character?

  /// Settings of a table that says what it needs itself.
  public init(
    measurement: String, times: Times = .column(nil), precision: TimePrecision? = nil,
    zoneOffsetSeconds: Int = 0, tagColumns: [String] = [], ignoredColumns: [String] = [],
    separator: Character? = nil
  ) {
    self.measurement = measurement
    self.times = times
    self.precision = precision
    self.zoneOffsetSeconds = zoneOffsetSeconds
    self.tagColumns = tagColumns
    self.ignoredColumns = ignoredColumns
    self.separator = separator
  }
}

/// Why a table cannot be read at all.
public enum CSVHeadingError: Error, Hashable, Sendable {
  case notUTF8
  case tooLong(limit: Int)
  case unendedQuote
  case separator(String)
  /// None of the columns is the time.
  case noTime(columns: [String])
  /// A column of the settings that is not there.
  case noColumn(String, columns: [String])
  case repeated(String)
  /// Nothing but time and tags.
  case noReadings(columns: [String])
}

extension CSVHeadingError: CustomStringConvertible {
  /// What was found, what was expected; how to mend it.
  public var description: String {
    switch self {
    case .notUTF8: "line 1: not UTF-8; save the table as UTF-8"
    case .tooLong(let limit): "line 1: longer than \(limit) bytes; is this a table?"
    case .unendedQuote: "line 1: a quote is not closed; close it"
    case .separator(let text): "the separator '\(text)' is not one ASCII character; name another"
    case .noTime(let columns):
      "line 1: none of the columns (\(Self.list(columns))) is the time; name the time column, "
        + "or give the interval of the rows"
    case .noColumn(let name, let columns):
      "line 1: no column '\(name)' among \(Self.list(columns)); mend the name"
    case .repeated(let name): "line 1: two columns are called '\(name)'; rename one"
    case .noReadings(let columns):
      "line 1: nothing to record among the columns \(Self.list(columns)); is the separator right?"
    }
  }

  private static func list(_ columns: [String]) -> String {
    columns.prefix(12).map(\.shortened).joined(separator: ", ") + (columns.count > 12 ? ", …" : "")
  }
}
