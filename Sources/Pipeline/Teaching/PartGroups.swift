import Foundation
import Inspection

/// Which part each image shows, from a file of lines `image,part`.
public struct PartGroups: Sendable {
  private let parts: [String: String]

  /// Reads the file; a first line `image,part` is a heading. Throws `PartGroupsError`.
  public init(file path: String) throws {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw PartGroupsError.unreadable(path: path)
    }
    var parts: [String: String] = [:]
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() where line != "image,part" {
      guard let comma = line.lastIndex(of: ","), comma != line.startIndex else {
        throw PartGroupsError.line(path: path, number: index + 1, found: String(line))
      }
      let part = line[line.index(after: comma)...].trimmingCharacters(in: .whitespaces)
      parts[String(line[..<comma])] = part
    }
    self.parts = parts
  }

  /// The part of the image at `path`: the entry whose name is the longest ending of the path, nil
  /// when there is none.
  public func part(of path: String) -> String? {
    var rest = Substring(path)
    while true {
      if let part = parts[String(rest)] { return part }
      guard let slash = rest.firstIndex(of: "/") else { return nil }
      rest = rest[rest.index(after: slash)...]
    }
  }
}

/// Why a groups file is refused.
public enum PartGroupsError: Error, Hashable, CustomStringConvertible {
  case unreadable(path: String)
  case line(path: String, number: Int, found: String)

  public var description: String {
    switch self {
    case .unreadable(let path): "\(path): the groups file cannot be read; check the path"
    case .line(let path, let number, let found):
      "\(path), line \(number): found “\(found)”, expected image,part; correct the line"
    }
  }
}

extension RecipeTeaching {
  /// Names each image's part after `groups`; an image that it does not name stays a part of its own.
  public mutating func group(by groups: PartGroups) {
    for index in good.indices { good[index].part = groups.part(of: good[index].name) ?? good[index].name }
    for index in defects.indices {
      defects[index].part = groups.part(of: defects[index].name) ?? defects[index].name
    }
  }
}
