/// Which images show the same part.
public struct Parts: Hashable, Sendable {
  /// The part of each image: the smallest index of its images.
  public let partOfImage: [Int]

  /// Images joined by `pairs`, directly or over others; every image without a pair is a part.
  public init(count: Int, pairs: [SiblingPair]) {
    self.init(count: count, joining: pairs.map { ($0.first, $0.second) })
  }

  init(count: Int, joining pairs: [(Int, Int)]) {
    var parent = Array(0..<count)
    func root(_ index: Int) -> Int {
      var index = index
      while parent[index] != index {
        parent[index] = parent[parent[index]]
        index = parent[index]
      }
      return index
    }
    for (first, second) in pairs {
      let (a, b) = (root(first), root(second))
      // The smaller index becomes the root, so that names do not depend on the order of pairs.
      parent[max(a, b)] = min(a, b)
    }
    partOfImage = (0..<count).map(root)
  }

  /// Distinct parts.
  public var count: Int { Set(partOfImage).count }

  /// The part of each image for `TeachingImage.part`, by the name of its first image in `images`.
  public func names(of images: [String]) -> [String] { partOfImage.map { images[$0] } }
}

/// A user's file of lines `image,part` (`--groups FILE`).
///
/// A first line `image,part` is a heading. Images are matched by the end of their path, whole
/// components only: `good/a.png` in the file names `/data/tiles/good/a.png`, and the other way
/// round; of several the longest common end wins.
public struct PartsFile: Hashable, Sendable {
  private struct Line: Hashable, Sendable {
    var components: [Substring]
    var part: String
    var number: Int
  }

  /// By the last component of the path.
  private var lines: [Substring: [Line]] = [:]

  /// Reads the text of a file called `name` in messages.
  public init(parsing text: String, name: String) throws(PartsFileError) {
    for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let line = raw.filter { $0 != "\u{FEFF}" }
      if line.allSatisfy(\.isWhitespace) || (index == 0 && line == "image,part") { continue }
      guard let comma = line.lastIndex(of: ",") else {
        throw .noPart(file: name, line: index + 1)
      }
      let image = Self.bare(line[..<comma])
      let part = Self.bare(line[line.index(after: comma)...])
      let components = Self.components(image)
      guard !part.isEmpty, let last = components.last else {
        throw .noPart(file: name, line: index + 1)
      }
      if let other = lines[last]?.first(where: { $0.components == components }),
        other.part != part
      {
        throw .twoParts(file: name, image: image, lines: [other.number, index + 1])
      }
      lines[last, default: []].append(Line(components: components, part: part, number: index + 1))
    }
  }

  /// The part of the image at `path`, nil when the file does not name it or when two equally good
  /// lines name different parts.
  public func part(of path: String) -> String? {
    let components = Self.components(path)
    guard let last = components.last, let candidates = lines[last] else { return nil }
    let matching = candidates.filter { line in
      let common = min(line.components.count, components.count)
      return line.components.suffix(common) == components.suffix(common)
    }
    let longest = matching.map { min($0.components.count, components.count) }.max() ?? 0
    let best = matching.filter { min($0.components.count, components.count) == longest }
    let parts = Set(best.map(\.part))
    return parts.count == 1 ? parts.first : nil
  }

  private static func components(_ path: String) -> [Substring] {
    path.split(whereSeparator: { $0 == "/" || $0 == "\\" }).filter { $0 != "." }
  }

  /// Without blanks and quotes around it.
  private static func bare(_ field: Substring) -> String {
    let isOuter: (Character) -> Bool = { $0.isWhitespace || $0 == "\"" }
    var rest = field.drop(while: isOuter)
    while let last = rest.last, isOuter(last) { rest.removeLast() }
    return String(rest)
  }
}

/// Why a groups file cannot be used.
public enum PartsFileError: Error, Hashable, CustomStringConvertible {
  /// A line without image or part.
  case noPart(file: String, line: Int)
  /// One image named with two parts.
  case twoParts(file: String, image: String, lines: [Int])

  public var description: String {
    switch self {
    case .noPart(let file, let line):
      "\(file):\(line): expected a line `image,part`; add what is missing or remove the line"
    case .twoParts(let file, let image, let lines):
      "\(file): \(image) has different parts in lines "
        + "\(lines.map(String.init).joined(separator: " and ")); keep one of them"
    }
  }
}
