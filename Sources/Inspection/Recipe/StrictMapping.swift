import Yams

/// A YAML mapping of which every key is known: an unknown one is an error with its line and the
/// nearest known key.
struct StrictMapping {
  private let values: [String: Node]
  private let place: String

  /// Takes `node`, found at `place` (for messages), whose keys must be among `keys`.
  init(_ node: Node, keys: [String], at place: String) throws(RecipeError) {
    guard let mapping = node.mapping else {
      throw .wrongValue(place: place, found: describe(node), expected: "keys with values")
    }
    var values: [String: Node] = [:]
    for (key, value) in mapping {
      guard let name = key.string, keys.contains(name) else {
        let found = key.string ?? "?"
        throw .unknownKey(
          place: place, line: key.mark?.line ?? 0, key: found,
          nearest: nearestWord(to: found, among: keys))
      }
      values[name] = value
    }
    self.values = values
    self.place = place
  }

  /// The value of `key`, nil when absent or null.
  subscript(_ key: String) -> Node? {
    guard let node = values[key], node.null == nil else { return nil }
    return node
  }

  func string(_ key: String) throws(RecipeError) -> String? {
    try convert(key, "a text") { $0.scalar?.string }
  }

  func number(_ key: String) throws(RecipeError) -> Double? {
    try convert(key, "a number") { node in
      node.float.flatMap { $0.isFinite ? $0 : nil } ?? node.int.map(Double.init)
    }
  }

  func integer(_ key: String) throws(RecipeError) -> Int? {
    try convert(key, "a whole number") { $0.int }
  }

  func boolean(_ key: String) throws(RecipeError) -> Bool? {
    try convert(key, "true or false") { $0.bool }
  }

  func numbers(_ key: String) throws(RecipeError) -> [Double]? {
    try convert(key, "a list of numbers") { node in
      guard let items = node.sequence else { return nil }
      let numbers = items.compactMap { $0.float ?? $0.int.map(Double.init) }
      return numbers.count == items.count ? numbers : nil
    }
  }

  /// A value that must be there.
  func required<Value>(_ key: String, _ value: Value?) throws(RecipeError) -> Value {
    guard let value else { throw .missingKey(place: place, key: key) }
    return value
  }

  private func convert<Value>(_ key: String, _ expected: String, _ read: (Node) -> Value?)
    throws(RecipeError) -> Value?
  {
    guard let node = self[key] else { return nil }
    guard let value = read(node) else {
      throw .wrongValue(place: "\(place), \(key)", found: describe(node), expected: expected)
    }
    return value
  }
}

/// What a node looks like to the person who wrote it.
func describe(_ node: Node) -> String {
  let line = node.mark.map { "line \($0.line): " } ?? ""
  switch node {
  case .scalar(let scalar): return line + "“\(scalar.string)”"
  case .sequence: return line + "a list"
  case .mapping: return line + "keys with values"
  case .alias: return line + "an alias"
  }
}

/// The word of `words` with the smallest edit distance to `word`, nil when none is near.
func nearestWord(to word: String, among words: [String]) -> String? {
  let best = words.map { ($0, editDistance(Array(word), Array($0))) }.min { $0.1 < $1.1 }
  guard let (nearest, distance) = best, distance <= max(2, nearest.count / 2) else { return nil }
  return nearest
}

/// Levenshtein's distance: insertions, deletions and replacements that turn `a` into `b`.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var row = Array(0...b.count)
  for i in a.indices {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let change = diagonal + (a[i] == b[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(change, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}
