/// Cuts a line of a table into cells, RFC 4180, but that a cell does not go on over lines.
enum CSVCells {
  /// The cells, without blanks around them and without their quotes; nil when a quote is not closed.
  static func split(_ line: ArraySlice<UInt8>, at separator: UInt8) -> [ArraySlice<UInt8>]? {
    var cells: [ArraySlice<UInt8>] = []
    var start = line.startIndex
    while true {
      let first = line[start...].firstIndex { $0 != blank } ?? line.endIndex
      if first < line.endIndex, line[first] == quote, separator != quote {
        guard let (cell, end) = quoted(line, from: first + 1) else { return nil }
        cells.append(cell)
        guard let next = line[end...].firstIndex(of: separator) else { return cells }
        start = next + 1
      } else {
        let end = line[start...].firstIndex(of: separator) ?? line.endIndex
        cells.append(trimmed(line[start..<end]))
        guard end < line.endIndex else { return cells }
        start = end + 1
      }
    }
  }

  private static let blank = UInt8(ascii: " ")
  private static let quote = UInt8(ascii: "\"")

  /// The text up to its closing quote, two quotes for one, and the place behind that quote.
  private static func quoted(
    _ line: ArraySlice<UInt8>, from start: Int
  ) -> (cell: ArraySlice<UInt8>, end: Int)? {
    var bytes: [UInt8] = []
    var place = start
    while let next = line[place...].firstIndex(of: quote) {
      bytes += line[place..<next]
      guard next + 1 < line.endIndex, line[next + 1] == quote else {
        return (bytes[...], next + 1)
      }
      bytes.append(quote)
      place = next + 2
    }
    return nil
  }

  private static func trimmed(_ cell: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let first = cell.firstIndex(where: { $0 != blank }),
      let last = cell.lastIndex(where: { $0 != blank })
    else { return [] }
    return cell[first...last]
  }
}
