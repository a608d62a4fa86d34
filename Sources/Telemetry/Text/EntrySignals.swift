import FactoryModel

/// Gives signals of rows and objects their numbers and their texts their values, within bounds.
struct EntrySignals: Sendable {
  private let mostSignals: Int
  private let mostTexts: Int
  /// By signal: whether it speaks words; nil while it has had no value.
  private var speaksWords: [Bool?] = []

  init(_ limits: LineProtocolReader.Limits) {
    mostSignals = limits.signals
    mostTexts = limits.texts
  }

  /// The number of a signal, given now if it is new.
  func id(
    of name: SignalName, _ table: inout SignalTable
  ) throws(EntryFault) -> SignalID {
    if let id = table.find(name) { return id }
    guard name.isRecordable else { throw .badSignal(name.description.shortened) }
    guard table.count < mostSignals else { throw .tooManySignals(limit: mostSignals) }
    return table.id(of: name)
  }

  /// Whether a signal speaks words: what its first value was decides.
  mutating func speaksWords(
    _ id: SignalID, _ table: SignalTable, ifNew isText: @autoclosure () -> Bool
  ) -> Bool {
    let place = Int(id.index)
    while speaksWords.count <= place { speaksWords.append(nil) }
    if let known = speaksWords[place] { return known }
    let words = !table.texts(of: id).isEmpty || isText()
    speaksWords[place] = words
    return words
  }

  /// The value that stands for a text.
  func value(
    of text: String, in id: SignalID, _ table: inout SignalTable
  ) throws(EntryFault) -> Double {
    let known = table.texts(of: id)
    if let place = known.firstIndex(of: text) { return Double(place) }
    guard known.count < mostTexts else {
      throw .tooManyTexts(signal: table[id].description.shortened, limit: mostTexts)
    }
    return table.value(of: text, in: id)
  }
}

extension SignalName {
  /// Whether line protocol can say it: no control characters, nothing empty.
  var isRecordable: Bool {
    let words = [path] + tags.flatMap { [$0.key, $0.value] }
    return words.allSatisfy { word in
      !word.isEmpty && !word.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
    }
  }
}

extension SignalName {
  /// The name that a cell or a text of JSON spells: `measurement.field{tag=value,…}`.
  init(entry text: String) throws(EntryFault) {
    guard let name = (try? SignalPattern(text))?.name else { throw .badSignal(text.shortened) }
    self = name
  }
}
