import Foundation
import Inspection

/// Scores of labelled images as a table: `image,class,part,score`, class empty for good ones; RFC 4180.
public enum ScoreTable {
  private static let heading = ["image", "class", "part", "score"]

  /// The table with its heading.
  public static func csv(_ rows: [(image: String, score: LabelledScore)]) -> String {
    let lines = rows.map { row in
      [row.image, row.score.kind ?? "", row.score.part, "\(row.score.score)"].map(quoted)
        .joined(separator: ",")
    }
    return ([heading.joined(separator: ",")] + lines).joined(separator: "\r\n") + "\r\n"
  }

  /// Reads what `csv` wrote. Throws `ScoreTableError` with the line of the first fault.
  public static func read(_ path: String) throws(ScoreTableError) -> [LabelledScore] {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw .unreadable(path: path)
    }
    let rows = records(String(decoding: bytes, as: UTF8.self))
    guard rows.first == heading else { throw .noHeading(path: path) }
    var scores: [LabelledScore] = []
    for (index, row) in rows.enumerated().dropFirst() {
      guard row.count == 4, let score = Double(row[3]), score.isFinite else {
        throw .badRow(path: path, row: index + 1)
      }
      scores.append(
        LabelledScore(score: score, kind: row[1].isEmpty ? nil : row[1], part: row[2]))
    }
    return scores
  }

  private static func quoted(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else {
      return text
    }
    return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }

  private static func records(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field = ""
    var isQuoted = false
    var before: Unicode.Scalar = "\n"
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"":
        // A quote right after the closing one stands for itself.
        if !isQuoted && before == "\"" { field.unicodeScalars.append(scalar) }
        isQuoted.toggle()
      case "," where !isQuoted:
        row.append(field)
        field = ""
      case "\r" where !isQuoted: break
      case "\n" where !isQuoted:
        rows.append(row + [field])
        (row, field) = ([], "")
      default: field.unicodeScalars.append(scalar)
      }
      before = scalar
    }
    if !row.isEmpty || !field.isEmpty { rows.append(row + [field]) }
    return rows.filter { $0 != [""] }
  }
}

/// Why a table of scores cannot be used.
public enum ScoreTableError: Error, Hashable, CustomStringConvertible {
  case unreadable(path: String)
  case noHeading(path: String)
  case badRow(path: String, row: Int)

  public var description: String {
    switch self {
    case .unreadable(let path): "\(path): the scores cannot be read; check the path"
    case .noHeading(let path):
      "\(path): the first line is not image,class,part,score; give the scores.csv of an evaluation"
    case .badRow(let path, let row):
      "\(path), row \(row): expected image,class,part,score with a number last; correct the row"
    }
  }
}
