/// A signal's short name inside one run: its place in the `SignalTable`.
public struct SignalID: Hashable, Comparable, Sendable {
  /// Counts from 0 without gaps.
  public let index: Int32

  /// The signal at a place.
  public init(index: Int32) {
    self.index = index
  }

  public static func < (left: SignalID, right: SignalID) -> Bool { left.index < right.index }
}

/// Every signal seen, numbered in order of appearance, and the words of signals that speak words.
///
/// A text value (`state="running"`) is recorded as the place of that text in the signal's own list
/// of words, so that every sample is one number and rules compare numbers.
public struct SignalTable: Sendable {
  private var names: [SignalName] = []
  private var ids: [SignalName: SignalID] = [:]
  private var words: [SignalID: [String]] = [:]

  /// An empty table.
  public init() {}

  /// How many signals there are.
  public var count: Int { names.count }

  /// All, in order of appearance.
  public var all: [SignalName] { names }

  /// The name of a signal of this table.
  public subscript(id: SignalID) -> SignalName { names[Int(id.index)] }

  /// The number of a signal, given now if it is new.
  public mutating func id(of name: SignalName) -> SignalID {
    if let id = ids[name] { return id }
    let id = SignalID(index: Int32(names.count))
    names.append(name)
    ids[name] = id
    return id
  }

  /// The number of a signal, nil if it was never seen.
  public func find(_ name: SignalName) -> SignalID? { ids[name] }

  /// The value that stands for a text of a signal, given now if the text is new.
  public mutating func value(of text: String, in id: SignalID) -> Double {
    var list = words[id] ?? []
    if let place = list.firstIndex(of: text) { return Double(place) }
    list.append(text)
    words[id] = list
    return Double(list.count - 1)
  }

  /// The words of a signal in order of appearance; empty for a signal of numbers.
  public func texts(of id: SignalID) -> [String] { words[id] ?? [] }

  /// Sets the words of a signal, when a record is read back.
  public mutating func setTexts(_ texts: [String], of id: SignalID) { words[id] = texts }
}
