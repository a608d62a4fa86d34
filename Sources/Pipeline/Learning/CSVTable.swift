import FactoryModel
import Foundation

/// A CSV file of numbers with a header and one column of times. Separated by `;`, `,` or tab,
/// whichever the header has most of; without quotes. Columns in which the first row has no number
/// are left out, and so are lines that are not complete.
struct CSVTable {
  private static let timeTitles = ["time", "timestamp", "datetime", "date"]

  /// Of the columns of numbers.
  private(set) var titles: [String] = []
  private(set) var times: [Timestamp] = []
  /// One value per title, nil where there is none.
  private(set) var rows: [[Double?]] = []

  init(_ data: Data, path: String) throws(RecordingError) {
    let lines = String(decoding: data, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let header = lines.first ?? ""
    let separator: Character =
      [";", ",", "\t"].max { a, b in
        header.count { $0 == a } < header.count { $0 == b }
      } ?? ","
    func cells(_ line: Substring) -> [String] {
      line.split(separator: separator, omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
    let all = cells(header.drop { $0 == "\u{FEFF}" })
    let timePlace = all.firstIndex { Self.timeTitles.contains($0.lowercased()) }
    guard let timePlace else { throw .noTimes(path: path, titles: all) }
    let first = lines.count > 1 ? cells(lines[1]) : []
    let places = all.indices.filter { place in
      place != timePlace && place < first.count && Double(first[place]) != nil
    }
    titles = places.map { all[$0] }
    for (number, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let cells = cells(line)
      guard cells.count == all.count else { continue }
      guard let time = Self.time(cells[timePlace]) else {
        throw .wrongTime(path: path, line: number + 1, text: cells[timePlace])
      }
      times.append(time)
      rows.append(places.map { Double(cells[$0]).flatMap { $0.isFinite ? $0 : nil } })
    }
  }

  private static func time(_ text: String) -> Timestamp? {
    if let time = Timestamp(rfc3339: text) { return time }
    guard let seconds = Double(text), abs(seconds) < 9e9 else { return nil }
    return Timestamp(nanoseconds: Int64((seconds * 1e9).rounded()))
  }
}
