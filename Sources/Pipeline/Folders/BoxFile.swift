import Foundation
import Inspection

/// Labelled boxes beside a pair: lines of `x1 y1 x2 y2 type`, blanks or commas between.
public enum BoxFile {
  /// The boxes of the file at `path`; none when there is no such file. Throws `BoxFileError` with
  /// the line when one cannot be read.
  public static func read(_ path: String) throws -> [LabelledBox] {
    guard let bytes = FileManager.default.contents(atPath: path) else { return [] }
    let lines = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    return try lines.enumerated().compactMap { index, line in
      let words = line.split(whereSeparator: { " ,\t\r".contains($0) })
      if words.isEmpty { return nil }
      let numbers = words.prefix(4).compactMap { Int($0) }
      guard words.count == 5, numbers.count == 4, numbers[0] < numbers[2], numbers[1] < numbers[3]
      else { throw BoxFileError(path: path, line: index + 1, found: String(line)) }
      return LabelledBox(
        x1: numbers[0], y1: numbers[1], x2: numbers[2], y2: numbers[3], kind: String(words[4]))
    }
  }
}

/// A line of a box file that is not a box.
public struct BoxFileError: Error, Hashable, CustomStringConvertible {
  /// Where it is and what it says.
  public var path: String
  public var line: Int
  public var found: String

  public var description: String {
    "\(path), line \(line): found “\(found)”, expected x1 y1 x2 y2 type with x1 < x2 and y1 < y2; "
      + "correct the line"
  }
}
