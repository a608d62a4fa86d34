/// The word of `words` that `word` begins, or else the one with the smallest edit distance to it; nil
/// when none is near.
public func nearestWord(to word: String, among words: [String]) -> String? {
  if word.count >= 3, let longer = words.first(where: { $0.hasPrefix(word) }) { return longer }
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
