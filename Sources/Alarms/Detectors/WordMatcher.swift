import FactoryModel

/// Whether a signal says one of some words, or has the value of one of them that is a number.
///
/// A signal of words carries places in its own list of words, which grows as new words appear.
struct WordMatcher {
  private let words: [String]
  private let numbers: [Double]
  /// For each place in the signal's list of words, whether the word there is wanted.
  private var known: [Bool] = []

  init(_ words: [String]) {
    self.words = words
    numbers = words.compactMap { Double($0) ?? ($0 == "true" ? 1 : $0 == "false" ? 0 : nil) }
  }

  mutating func matches(_ value: Double, of signal: SignalID, in table: SignalTable) -> Bool {
    if let place = Int(exactly: value), place >= 0 {
      if place >= known.count {
        known = table.texts(of: signal).map(words.contains)
      }
      if place < known.count { return known[place] }
    }
    return known.isEmpty && numbers.contains(value)
  }
}
