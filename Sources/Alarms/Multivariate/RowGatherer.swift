/// Makes rows of signals that are read one by one: a row is complete when the last signal speaks and
/// all others have had a usable sample since the row before.
///
/// Signals that are read together come in one order. Waiting for the last of them keeps a row's
/// values of one moment, also after a sample was lost.
public struct RowGatherer: Sendable {
  /// The last value of every signal; a row of one moment when `take` says so.
  public private(set) var row: [Double]
  private var isFresh: [Bool]
  private var missing: Int

  /// Rows of this many signals, one or more.
  public init(columns: Int) {
    row = [Double](repeating: 0, count: columns)
    isFresh = [Bool](repeating: false, count: columns)
    missing = columns
  }

  /// Takes one signal's value; whether it completes `row`.
  public mutating func take(_ value: Double, column: Int) -> Bool {
    row[column] = value
    if !isFresh[column] {
      isFresh[column] = true
      missing -= 1
    }
    guard missing == 0, column == row.count - 1 else { return false }
    for place in isFresh.indices { isFresh[place] = false }
    missing = isFresh.count
    return true
  }

  func save(to memory: inout MemoryWriter) {
    memory.put(row)
    for flag in isFresh { memory.put(flag) }
  }

  mutating func load(from memory: inout MemoryReader) throws(MemoryFault) {
    row = try memory.doubles(row.count)
    for place in isFresh.indices { isFresh[place] = try memory.bool() }
    missing = isFresh.count { !$0 }
  }
}
