import FactoryModel

/// Reads a table with a heading into samples.
///
/// Every column becomes the signal `measurement.column` with the row's tags; a table with columns
/// `signal` and `value` is a list of single readings, as `gemba query --csv` prints it. An empty
/// cell is no reading; `NaN`, `NA`, `null` and what is not finite are bad readings; `true` and
/// `false` are 1 and 0. A column whose first cell is text records words. A fault in a row is
/// counted, reported and records nothing; text in a column of numbers is a bad reading.
public struct CSVReader: Sendable {
  public private(set) var report = EntryReport()
  private let settings: CSVSettings
  private let moments: MomentReader
  private let limit: Int
  private var lines: LineGatherer
  private var heading: CSVHeading?
  private var failure: CSVHeadingError?
  private var signals: EntrySignals
  /// Numbers of the columns' signals, by the row's tags.
  private var ids: [[String]: [SignalID?]] = [:]
  private var rows: Int64 = 0

  /// A reader at the beginning of a table.
  public init(
    _ settings: CSVSettings, limits: LineProtocolReader.Limits = LineProtocolReader.Limits()
  ) {
    self.settings = settings
    moments = MomentReader(
      zoneOffsetSeconds: settings.zoneOffsetSeconds, precision: settings.precision)
    limit = limits.lineBytes
    lines = LineGatherer(limit: limits.lineBytes)
    signals = EntrySignals(limits)
  }

  /// Reads the next bytes of the table.
  ///
  /// - Parameters:
  ///   - chunk: cut anywhere; what follows the last newline is kept for the next call.
  ///   - table: the same one in every call; new signals and texts are added.
  ///   - batch: the samples are added at its end.
  /// - Throws: when the heading cannot be used; the table is then not read at all.
  public mutating func read(
    _ chunk: [UInt8], table: inout SignalTable, into batch: inout SampleBatch
  ) throws(CSVHeadingError) {
    var gatherer = lines
    gatherer.read(chunk) { take($0, &table, &batch) }
    lines = gatherer
    if let failure { throw failure }
  }

  /// Reads the last line of a table that ends without a newline.
  public mutating func finish(
    table: inout SignalTable, into batch: inout SampleBatch
  ) throws(CSVHeadingError) {
    var gatherer = lines
    gatherer.finish { take($0, &table, &batch) }
    lines = gatherer
    if let failure { throw failure }
  }

  private mutating func take(
    _ line: ArraySlice<UInt8>?, _ table: inout SignalTable, _ batch: inout SampleBatch
  ) {
    guard failure == nil else { return }
    report.lines += 1
    do throws(CSVHeadingError) {
      guard let heading else {
        guard let line else { throw .tooLong(limit: limit) }
        heading = try CSVHeading(Self.withoutMark(line), settings)
        return
      }
      takeRow(line, heading, &table, &batch)
    } catch {
      failure = error
    }
  }

  private mutating func takeRow(
    _ line: ArraySlice<UInt8>?, _ heading: CSVHeading, _ table: inout SignalTable,
    _ batch: inout SampleBatch
  ) {
    do throws(EntryFault) {
      guard let line else { throw .tooLong(limit: limit) }
      guard !line.isEmpty else { return }
      rows += 1
      let before = batch.count
      try record(try row(line, heading), heading, &table, &batch)
      report.samples += batch.count - before
    } catch {
      report.refuse(error)
    }
  }

  /// What Windows programs put in front of UTF-8.
  private static func withoutMark(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line
  }
}

/// A row with its facts beside the readings.
private struct CSVRow {
  var cells: [String]
  var time: Timestamp
  var quality = Quality.good
  /// Values of the tag columns, in their order.
  var tags: [String] = []
}

extension CSVReader {
  private func row(
    _ line: ArraySlice<UInt8>, _ heading: CSVHeading
  ) throws(EntryFault) -> CSVRow {
    guard let slices = CSVCells.split(line, at: heading.separator) else { throw .unendedQuote }
    guard slices.count == heading.roles.count else {
      throw .cells(found: slices.count, expected: heading.roles.count)
    }
    var cells: [String] = []
    cells.reserveCapacity(slices.count)
    for slice in slices {
      guard let cell = String(validating: slice, as: UTF8.self) else { throw .notUTF8 }
      cells.append(cell)
    }
    var row = CSVRow(cells: cells, time: try time(cells, heading))
    for (role, cell) in zip(heading.roles, cells) {
      if case .tag = role { row.tags.append(cell) }
      if role == .quality, !cell.isEmpty {
        guard let quality = Quality.allCases.first(where: { $0.name == cell.lowercased() })
        else { throw .badQuality(cell.shortened) }
        row.quality = quality
      }
    }
    return row
  }

  private func time(
    _ cells: [String], _ heading: CSVHeading
  ) throws(EntryFault) -> Timestamp {
    if case .every(let interval, let start) = settings.times {
      let (passed, overflow) = interval.inNanoseconds.multipliedReportingOverflow(by: rows - 1)
      guard !overflow else { throw .badTime("row \(rows)") }
      return start + .nanoseconds(passed)
    }
    var text = ""
    for (role, cell) in zip(heading.roles, cells) {
      if role == .date { text = "\(cell) \(text)" }
      if role == .time { text += cell }
    }
    guard text.contains(where: { $0 != " " }) else { throw .noTime }
    guard let time = moments.moment(text) else { throw .badTime(text.shortened) }
    return time
  }

  private mutating func record(
    _ row: CSVRow, _ heading: CSVHeading, _ table: inout SignalTable, _ batch: inout SampleBatch
  ) throws(EntryFault) {
    if let place = heading.roles.firstIndex(of: .value) {
      let name = heading.roles.firstIndex(of: .signal).map { row.cells[$0] } ?? ""
      let id = try signals.id(of: try SignalName(entry: name), &table)
      return record(row, row.cells[place], id, &table, &batch)
    }
    if ids[row.tags] == nil { ids[row.tags] = try numbers(row, heading, &table) }
    let numbers = ids[row.tags] ?? []
    for (cell, id) in zip(row.cells, numbers) {
      if let id { record(row, cell, id, &table, &batch) }
    }
  }

  private func numbers(
    _ row: CSVRow, _ heading: CSVHeading, _ table: inout SignalTable
  ) throws(EntryFault) -> [SignalID?] {
    var tags: [SignalName.Tag] = []
    for (role, cell) in zip(heading.roles, row.cells) {
      if case .tag(let key) = role, !cell.isEmpty { tags.append(.init(key, cell)) }
    }
    var numbers: [SignalID?] = []
    for role in heading.roles {
      if case .reading(let name) = role {
        let full = SignalName(path: name.path, tags: name.tags + tags)
        numbers.append(try signals.id(of: full, &table))
      } else {
        numbers.append(nil)
      }
    }
    return numbers
  }

  private mutating func record(
    _ row: CSVRow, _ cell: String, _ id: SignalID, _ table: inout SignalTable,
    _ batch: inout SampleBatch
  ) {
    if cell.isEmpty {
      // Without a value a row may still say that there was no reading to rely on.
      if row.quality == .bad { batch.append(id, row.sample(.nan)) }
      return
    }
    do throws(EntryFault) {
      let value = CellValue(cell, decimalComma: heading?.separator != UInt8(ascii: ","))
      let words = signals.speaksWords(id, table, ifNew: value == .text)
      switch value {
      case _ where words:
        batch.append(id, row.sample(try signals.value(of: cell, in: id, &table)))
      case .number(let number): batch.append(id, row.sample(number))
      case .text:
        batch.append(id, row.sample(.nan))
        throw .notANumber(cell.shortened, signal: table[id].description.shortened)
      }
    } catch {
      report.count(badValue: error)
    }
  }
}

extension CSVRow {
  fileprivate func sample(_ value: Double) -> Sample {
    Sample(time: time, value: value, quality: value.isFinite ? quality : .bad)
  }
}

/// What a cell says; not a number where there is no reading.
private enum CellValue: Equatable {
  case number(Double)
  case text

  init(_ cell: String, decimalComma: Bool) {
    if let number = Double(cell) {
      self = .number(number.isFinite ? number : .nan)
    } else if decimalComma, cell.contains(","), let number = Double(cell.replacing(",", with: "."))
    {
      self = .number(number)
    } else {
      switch cell.lowercased() {
      case "true": self = .number(1)
      case "false": self = .number(0)
      case "na", "n/a", "null", "none", "-", "#n/a": self = .number(.nan)
      default: self = .text
      }
    }
  }
}
